// The redaction desk: decide without loading the page anew, go through the marks by keyboard, draw places on a page,
// select lines of text. Without script every decision is a form, and words that are written out are marked everywhere.

const SVG = "http://www.w3.org/2000/svg";
const LEAST = 3; // points: anything smaller was a slip
const STEP = 4; // points a key moves an edge

// Decisions ----------------------------------------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-decide]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const body = new FormData(form, event.submitter);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("no entry");
    const told = await answer.json();
    if (!told.entry) throw new Error("no entry");
    show(form.closest("[data-mark]"), told, answer.ok);
  } catch {
    // Signed out, or the mark is gone: the whole page tells.
    const decision = Object.assign(document.createElement("input"), { type: "hidden", name: "decision" });
    decision.value = event.submitter.value;
    form.append(decision);
    form.submit();
  }
});

function show(entry, told, done) {
  const number = entry.dataset.mark;
  const holder = document.createElement("template");
  holder.innerHTML = told.entry;
  const fresh = holder.content.firstElementChild;
  entry.replaceWith(fresh);
  document.getElementById("tally").outerHTML = told.tally;
  document.getElementById("copy").outerHTML = told.copy;
  const all = document.querySelector("[data-all]");
  if (all && document.getElementById("tally").dataset.waiting === "0") all.hidden = true;
  for (const node of document.querySelectorAll(`[data-of="${number}"]`)) {
    const base = node.matches("a, g") ? "redact__mark" : "redact__cell";
    node.setAttribute("class", `${base} ${base}--${told.look}`);
  }
  if (done) go(fresh, 1, true) || fresh.focus();
  else (fresh.querySelector("textarea:not([hidden])") || fresh).focus();
}

// Keyboard -----------------------------------------------------------------------------------------------------------

const KEY = "redact-keys";
const keys = document.querySelector("[data-keys]");
const keysOn = document.querySelector("[data-keys-on]");
if (keys) {
  keys.hidden = false;
  keysOn.checked = localStorage.getItem(KEY) !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem(KEY, keysOn.checked ? "on" : "off"));
}

const entries = () => [...document.querySelectorAll("[data-mark]")];
const current = () => document.activeElement?.closest("[data-mark]");

// To the next entry in this direction; after a decision only to one that waits.
function go(from, direction, waiting = false) {
  const all = entries();
  const start = from ? all.indexOf(from) + direction : 0;
  for (let at = start; at >= 0 && at < all.length; at += direction) {
    if (waiting && all[at].dataset.state !== "proposed") continue;
    all[at].focus({ preventScroll: true });
    all[at].scrollIntoView({ block: "nearest" });
    return true;
  }
  return false;
}

document.addEventListener("focusin", () => {
  const entry = current();
  for (const node of document.querySelectorAll(".is-now")) node.classList.remove("is-now");
  if (!entry) return;
  const places = document.querySelectorAll(`.redact__mark[data-of="${entry.dataset.mark}"], .redact__cell[data-of="${entry.dataset.mark}"]`);
  for (const node of places) node.classList.add("is-now");
  // Beside the document, not above it: only there does the place come along.
  if (places.length && matchMedia("(min-width: 1024px)").matches && entry === document.activeElement) {
    places[0].scrollIntoView({ block: "center", inline: "nearest" });
  }
});

document.addEventListener("keydown", (event) => {
  if (!keysOn?.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], .redact__canvas, summary, .redact__grid")) return;
  const entry = current();
  const arrow = entry && entry === document.activeElement;
  if (event.key === "j" || (arrow && event.key === "ArrowDown")) go(entry, 1);
  else if (event.key === "k" || (arrow && event.key === "ArrowUp")) go(entry, -1);
  else if (entry && event.key === "a") entry.querySelector('button[value="accept"]')?.click();
  else if (entry && event.key === "r") leave(entry);
  else return;
  event.preventDefault();
});

function leave(entry) {
  for (const part of entry.querySelectorAll("details")) part.open = true;
  entry.querySelector("textarea")?.focus();
}

// Adding: what is drawn or selected waits in one form ----------------------------------------------------------------

const form = document.getElementById("adding");
const bar = form?.querySelector("[data-adding]");
const tools = form?.querySelector("[data-tools]");
const canvases = form ? [...form.querySelectorAll(".redact__canvas")] : [];
let pending = [];

function refresh() {
  if (canvases.length) bar.hidden = pending.length === 0;
  form.elements.places.value = pending.length ? JSON.stringify(pending.map((item) => item.place)) : "";
  form.elements.origin.value = pending.length && pending.every((item) => item.selected) ? "selected" : "drawn";
  const label = bar.querySelector("[data-count]");
  label.dataset.plain ??= label.textContent;
  label.textContent = pending.length ? `${label.dataset.plain}：${pending.length}` : label.dataset.plain;
  bar.querySelector("[data-clear]").hidden = pending.length === 0;
}

function forget() {
  for (const item of pending) item.node.remove();
  pending = [];
  refresh();
}

bar?.querySelector("[data-clear]").addEventListener("click", forget);

// Drawing on pages ---------------------------------------------------------------------------------------------------

const sizeOf = (canvas) => ({ width: Number(canvas.dataset.width), height: Number(canvas.dataset.height) });

function place(canvas, x, y) {
  const box = canvas.getBoundingClientRect();
  const { width, height } = sizeOf(canvas);
  const within = (value, most) => Math.min(Math.max(value, 0), most);
  return [within(((x - box.left) / box.width) * width, width), within(((y - box.top) / box.height) * height, height)];
}

function box(canvas) {
  const node = document.createElementNS(SVG, "rect");
  node.setAttribute("class", "redact__new");
  canvas.querySelector("svg").append(node);
  return node;
}

function lay(node, [x0, y0, x1, y1]) {
  node.setAttribute("x", Math.min(x0, x1));
  node.setAttribute("y", Math.min(y0, y1));
  node.setAttribute("width", Math.abs(x1 - x0));
  node.setAttribute("height", Math.abs(y1 - y0));
}

function keep(canvas, node, [x0, y0, x1, y1], selected = false) {
  const rect = [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)];
  if (rect[2] - rect[0] < LEAST || rect[3] - rect[1] < LEAST) return node.remove();
  lay(node, rect);
  const rounded = rect.map((value) => Math.round(value * 100) / 100);
  pending.push({ node, selected, place: { page: Number(canvas.dataset.page), rect: rounded } });
  refresh();
}

function byPointer(canvas) {
  let drawing = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (canvas.dataset.mode !== "draw" || event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    drawing = { node: box(canvas), from: place(canvas, event.clientX, event.clientY) };
    drawing.to = drawing.from;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    drawing.to = place(canvas, event.clientX, event.clientY);
    lay(drawing.node, [...drawing.from, ...drawing.to]);
  });
  canvas.addEventListener("pointerup", () => {
    if (drawing) keep(canvas, drawing.node, [...drawing.from, ...drawing.to]);
    drawing = null;
  });
  canvas.addEventListener("pointercancel", () => {
    drawing?.node.remove();
    drawing = null;
  });
}

// Enter puts a frame on the page, arrows move it, with Shift they change its size, Enter leaves it there.
function byKeys(canvas) {
  let rect = null;
  let node = null;
  canvas.addEventListener("keydown", (event) => {
    const { width, height } = sizeOf(canvas);
    if (event.key === "Enter") {
      if (rect) {
        keep(canvas, node, rect);
        rect = null;
      } else {
        const top = visibleTop(canvas);
        rect = [width * 0.3, top, width * 0.6, Math.min(top + 24, height)];
        node = box(canvas);
        lay(node, rect);
      }
      event.preventDefault();
    } else if (event.key === "Escape" && rect) {
      node.remove();
      rect = null;
    } else if (rect && event.key.startsWith("Arrow")) {
      event.preventDefault();
      const across = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key] ?? 0;
      const down = { ArrowUp: -STEP, ArrowDown: STEP }[event.key] ?? 0;
      const moved = event.shiftKey
        ? [rect[0], rect[1], rect[2] + across, rect[3] + down]
        : [rect[0] + across, rect[1] + down, rect[2] + across, rect[3] + down];
      const fits = moved[0] >= 0 && moved[1] >= 0 && moved[2] <= width && moved[3] <= height;
      if (fits && moved[2] - moved[0] >= LEAST && moved[3] - moved[1] >= LEAST) rect = moved;
      lay(node, rect);
    }
  });
}

function visibleTop(canvas) {
  const seen = canvas.getBoundingClientRect();
  const y = Math.max(seen.top, 0) + (Math.min(seen.bottom, innerHeight) - Math.max(seen.top, 0)) / 3;
  return place(canvas, seen.left, y)[1];
}

// Selecting text on pages --------------------------------------------------------------------------------------------

async function letters(canvas) {
  if (!canvas.dataset.lines || canvas.dataset.asked) return;
  canvas.dataset.asked = "yes";
  const answer = await fetch(canvas.dataset.lines);
  if (!answer.ok) return;
  const { lines } = await answer.json();
  const layer = document.createElement("div");
  layer.className = "redact__letters";
  canvas.insertBefore(layer, canvas.querySelector("svg"));
  for (const line of lines) {
    const node = document.createElement("span");
    node.textContent = line.text;
    node.line = line;
    layer.append(node);
  }
  stretch(canvas);
}

// Each line is as wide and as high as it stands on the page.
function stretch(canvas) {
  const scale = canvas.clientWidth / sizeOf(canvas).width;
  for (const node of canvas.querySelectorAll(".redact__letters span")) {
    const [x0, y0, x1, y1] = node.line.rect;
    node.style.transform = "none";
    node.style.left = `${x0 * scale}px`;
    node.style.top = `${y0 * scale}px`;
    node.style.fontSize = `${Math.max((y1 - y0) * scale, 1)}px`;
    const wide = node.getBoundingClientRect().width;
    if (wide) node.style.transform = `scaleX(${((x1 - x0) * scale) / wide})`;
  }
}

function selected(canvas, range) {
  for (const node of canvas.querySelectorAll(".redact__letters span")) {
    const text = node.firstChild;
    if (!text || !range.intersectsNode(text)) continue;
    const begin = range.startContainer === text ? range.startOffset : 0;
    const end = range.endContainer === text ? range.endOffset : text.length;
    const edges = letterEdges(node.line, begin, end);
    if (!edges) continue;
    const [, y0, , y1] = node.line.rect;
    keep(canvas, box(canvas), [edges[0], y0, edges[1], y1], true);
  }
}

// Offsets count UTF-16 units, edges count letters.
function letterEdges(line, begin, end) {
  const count = (to) => [...line.text.slice(0, to)].length;
  const chosen = line.edges.slice(count(begin), count(end));
  if (!chosen.length) return null;
  return [Math.min(...chosen.map((edge) => edge[0])), Math.max(...chosen.map((edge) => edge[1]))];
}

function take() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const before = pending.length;
  for (const canvas of canvases) if (range.intersectsNode(canvas)) selected(canvas, range);
  if (pending.length > before) selection.removeAllRanges();
}

// Selecting in a plain text -------------------------------------------------------------------------------------------

function takeWords() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const found = [];
  for (const line of form.querySelectorAll(".redact__words")) {
    if (!range.intersectsNode(line)) continue;
    const whole = document.createRange();
    whole.selectNodeContents(line);
    const here = range.cloneRange();
    if (here.compareBoundaryPoints(Range.START_TO_START, whole) < 0) here.setStart(whole.startContainer, whole.startOffset);
    if (here.compareBoundaryPoints(Range.END_TO_END, whole) > 0) here.setEnd(whole.endContainer, whole.endOffset);
    const lead = document.createRange();
    lead.setStart(whole.startContainer, whole.startOffset);
    lead.setEnd(here.startContainer, here.startOffset);
    const begin = Number(line.dataset.start) + [...lead.toString()].length;
    const long = [...here.toString()].length;
    if (long) found.push({ start: begin, end: begin + long });
  }
  forget();
  for (const stretchOf of found) pending.push({ node: document.createElement("i"), selected: true, place: stretchOf });
  refresh();
}

if (form && form.querySelector(".redact__words")) {
  document.addEventListener("pointerup", () => setTimeout(takeWords));
  form.addEventListener("keyup", (event) => event.shiftKey && takeWords());
}

// Modes --------------------------------------------------------------------------------------------------------------

function choose(mode) {
  for (const button of tools.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  }
  for (const canvas of canvases) canvas.dataset.mode = mode;
  if (mode === "text") watch();
}

let watcher = null;
function watch() {
  watcher ??= new IntersectionObserver((seen) => {
    for (const one of seen) if (one.isIntersecting) letters(one.target);
  }, { rootMargin: "200px" });
  for (const canvas of canvases) watcher.observe(canvas);
}

if (tools && canvases.length) {
  tools.hidden = false;
  for (const canvas of canvases) {
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "group");
    canvas.setAttribute("aria-label", canvas.querySelector("img").alt);
    byPointer(canvas);
    byKeys(canvas);
  }
  for (const button of tools.querySelectorAll("[data-mode]")) {
    button.addEventListener("click", () => {
      choose(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.mode);
    });
  }
  const textless = !canvases.some((canvas) => canvas.dataset.lines);
  tools.querySelector('[data-mode="text"]').hidden = textless;
  // A finger scrolls until drawing is asked for; a mouse draws at once.
  choose(matchMedia("(pointer: fine)").matches ? "draw" : "");
  document.addEventListener("pointerup", () => setTimeout(() => canvases[0].dataset.mode === "text" && take()));
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && canvases[0].dataset.mode === "text") take();
  });
  addEventListener("resize", () => canvases.forEach(stretch));
}
if (form) refresh();
