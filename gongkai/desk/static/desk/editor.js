// The draft editor: rich text over the plain text field, saving by itself, telling who else is here.
// Without this file the form works with the HTML in the plain field.

const form = document.getElementById("draft");
const field = document.getElementById("id_body");
const toolbar = form.querySelector(".toolbar");
const stateLine = document.getElementById("save-state");
const othersLine = document.getElementById("editor-others");
const problem = document.getElementById("save-problem");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

const SAVE_AFTER = 3000; // milliseconds without typing
const SAVE_AT_MOST = 15000; // milliseconds of unbroken typing
const TELL_EVERY = 20000; // milliseconds between two signs of presence

let editor = null;

// -- rich text ---------------------------------------------------------------------------------------------------

async function openEditor() {
  const E = await import(form.dataset.editor);
  const aligned = {
    addAttributes() {
      return {
        ...this.parent?.(),
        class: {
          default: null,
          parseHTML: (element) => alignmentOf(element),
          renderHTML: (attributes) => (attributes.class ? { class: attributes.class } : {}),
        },
      };
    },
  };
  const box = document.createElement("div");
  box.className = "prose-editor";
  field.before(box);
  box.append(field);
  const extensions = [
    E.Document, E.Text, E.Paragraph.extend(aligned), E.Heading.extend(aligned).configure({ levels: [2, 3, 4] }),
    E.Bold, E.Italic, E.Underline, E.Strike, E.Subscript, E.Superscript, E.HardBreak, E.HorizontalRule,
    E.Blockquote, E.BulletList, E.OrderedList, E.ListItem,
    E.Table.configure({ resizable: false }), E.TableRow, E.TableHeader, E.TableCell,
    E.Image, E.Link.configure({ openOnClick: false, autolink: false }), E.History, E.Gapcursor, E.NoSpellCheck,
  ].filter(Boolean);
  // Its own style sheet would be inline, which the policy of the site forbids; desk-extra.css has the few rules needed.
  editor = new E.Editor({ element: box, extensions, content: field.value, injectCSS: false, onUpdate: written });
  const surface = editor.view.dom;
  surface.setAttribute("role", "textbox");
  surface.setAttribute("aria-multiline", "true");
  surface.setAttribute("aria-labelledby", "body-label");
  surface.classList.add("prose");
  field.removeAttribute("id");
  surface.id = "id_body";
  toolbar.hidden = false;
  toolbar.addEventListener("click", press);
  editor.on("transaction", showState);
  surface.addEventListener("paste", takeImages, true);
  surface.addEventListener("drop", takeImages, true);
  showState();
}

function written() {
  field.value = editor.isEmpty ? "" : editor.getHTML();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function alignmentOf(element) {
  const side = element.style.textAlign || element.getAttribute("align") || "";
  if (element.classList.contains("text-center") || side === "center") return "text-center";
  if (element.classList.contains("text-right") || side === "right" || side === "end") return "text-right";
  return null;
}

function align(chain, name) {
  return chain.updateAttributes("paragraph", { class: name }).updateAttributes("heading", { class: name });
}

const COMMANDS = {
  paragraph: (c) => c.setParagraph(),
  h2: (c) => c.toggleHeading({ level: 2 }),
  h3: (c) => c.toggleHeading({ level: 3 }),
  h4: (c) => c.toggleHeading({ level: 4 }),
  bold: (c) => c.toggleBold(),
  left: (c) => align(c, null),
  center: (c) => align(c, "text-center"),
  right: (c) => align(c, "text-right"),
  bullets: (c) => c.toggleBulletList(),
  numbers: (c) => c.toggleOrderedList(),
  quote: (c) => c.toggleBlockquote(),
  table: (c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
  row: (c) => c.addRowAfter(),
  column: (c) => c.addColumnAfter(),
  dropRow: (c) => c.deleteRow(),
  dropColumn: (c) => c.deleteColumn(),
  head: (c) => c.toggleHeaderRow(),
  merge: (c) => c.mergeOrSplit(),
  dropTable: (c) => c.deleteTable(),
  undo: (c) => c.undo(),
  redo: (c) => c.redo(),
  plain: (c) => c.unsetAllMarks().clearNodes(),
  unlink: (c) => c.unsetLink(),
};

const PRESSED = {
  h2: () => editor.isActive("heading", { level: 2 }),
  h3: () => editor.isActive("heading", { level: 3 }),
  h4: () => editor.isActive("heading", { level: 4 }),
  bold: () => editor.isActive("bold"),
  center: () => editor.isActive({ class: "text-center" }),
  right: () => editor.isActive({ class: "text-right" }),
  bullets: () => editor.isActive("bulletList"),
  numbers: () => editor.isActive("orderedList"),
  quote: () => editor.isActive("blockquote"),
};

function press(event) {
  const name = event.target.closest("[data-command]")?.dataset.command;
  if (!name) return;
  if (name === "image") {
    insertChosenImage();
  } else if (name === "link") {
    const href = document.getElementById("link-address").value.trim();
    if (/^https?:\/\/./i.test(href)) editor.chain().focus().extendMarkRange("link").setLink({ href }).run();
  } else {
    COMMANDS[name](editor.chain().focus()).run();
  }
}

function showState() {
  for (const [name, pressed] of Object.entries(PRESSED)) {
    toolbar.querySelector(`[data-command=${name}]`).setAttribute("aria-pressed", String(pressed()));
  }
}

// -- images ------------------------------------------------------------------------------------------------------

async function sendImage(file, alt) {
  const data = new FormData();
  data.append("file", file, file.name);
  const answer = await fetch(form.dataset.images, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
  const told = await answer.json();
  const line = document.getElementById("image-problem");
  line.textContent = answer.ok ? "" : told.sentence;
  if (!answer.ok) {
    say(told.sentence);
    return;
  }
  editor.chain().focus().setImage({ src: told.url, alt: alt || null }).run();
}

function insertChosenImage() {
  const chosen = document.getElementById("image-file").files[0];
  if (chosen) sendImage(chosen, document.getElementById("image-alt").value.trim());
}

function takeImages(event) {
  const files = [...((event.clipboardData || event.dataTransfer)?.files || [])].filter((f) => f.type.startsWith("image/"));
  const html = (event.clipboardData || event.dataTransfer)?.getData("text/html") || "";
  if (!files.length || html) return;
  event.preventDefault();
  event.stopPropagation();
  for (const file of files) sendImage(file, "");
}

// -- saving ------------------------------------------------------------------------------------------------------

let dirty = false;
let stopped = false;
let saving = false;
let timer = 0;
let since = 0;

function changed() {
  dirty = true;
  if (stopped) return;
  if (!since) since = Date.now();
  clearTimeout(timer);
  timer = setTimeout(save, Math.max(0, Math.min(SAVE_AFTER, since + SAVE_AT_MOST - Date.now())));
}

async function save() {
  if (!dirty || saving || stopped) return;
  saving = true;
  dirty = false;
  since = 0;
  stateLine.textContent = "正在保存…";
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form) });
    if (!answer.headers.get("content-type")?.includes("json")) throw new Error("not json");
    heard(await answer.json());
  } catch {
    dirty = true;
    stateLine.textContent = "没有保存：网络不通或者登录已过期。文字还在这里，请先复制留存再试。";
    timer = setTimeout(save, SAVE_AT_MOST);
  } finally {
    saving = false;
  }
  if (dirty && !stopped) changed();
}

function heard(told) {
  showOthers(told.others);
  if (told.state === "saved" || told.state === "same") {
    for (const input of document.querySelectorAll("[name=based_on]")) input.value = told.revision;
    stateLine.textContent = `已保存 ${told.saved_at}`;
    const wrong = Object.values(told.errors || {});
    say([...(told.warnings || []), ...wrong].join(" "));
    return;
  }
  stopped = told.state === "moved_on";
  stateLine.textContent = "没有保存";
  say(told.sentence, stopped);
}

function say(sentence, withButton = false) {
  problem.hidden = !sentence;
  problem.querySelector("p").textContent = sentence || "";
  problem.querySelector("button").hidden = !withButton;
}

function showOthers(names) {
  if (!names) return;
  const sentence = names.length ? `${names.join("、")}也打开了这份稿件。两人的文字都会保留，保存时会请您合并。` : "";
  if (othersLine.textContent !== sentence) othersLine.textContent = sentence;
  othersLine.classList.toggle("editor__others", names.length > 0);
}

async function tell() {
  if (document.hidden) return;
  try {
    const data = new FormData();
    const answer = await fetch(form.dataset.presence, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
    const told = await answer.json();
    showOthers(told.others);
  } catch {
    // The next save says what is wrong.
  }
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", () => {
  stopped = true;
  dirty = false;
});
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});
setInterval(tell, TELL_EVERY);
openEditor();
