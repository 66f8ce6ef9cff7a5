// The request form with script: the list of what is public follows the typing, files go up piece by piece and go on
// where they were cut. Without script every page works by plain posts.

const form = document.querySelector("form[data-public-url]");
const list = document.querySelector("[data-public]");

function token(of) {
  return of.querySelector("input[name=csrfmiddlewaretoken]").value;
}

// What is public, while typing ---------------------------------------------------------------------------------------

if (form && list) {
  let waiting = 0;
  let asked = 0;
  let last = "";

  const texts = () =>
    [...form.querySelectorAll(".request__item")].map((item) =>
      [...item.querySelectorAll("input[type=text], textarea")].map((field) => field.value.trim()).filter(Boolean).join(" "),
    );

  const look = async () => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token(form));
    for (const text of texts()) body.append("text", text);
    const now = texts().join("\n");
    if (now === last) return;
    last = now;
    const mine = ++asked;
    list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.publicUrl, { method: "POST", body, credentials: "same-origin" });
      // A later question was asked meanwhile: its answer counts.
      if (answer.ok && mine === asked) list.innerHTML = await answer.text();
    } catch {
      last = "";
    } finally {
      if (mine === asked) list.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 500);
  });
}

// Files, piece by piece ----------------------------------------------------------------------------------------------

const PATIENCE = [1000, 2000, 4000, 8000, 15000, 30000];

// What the browser knows a file by: the same file chosen again is the same upload. Its name leaves only as the name.
function markOf(file) {
  const text = `${file.name}/${file.size}/${file.lastModified}`;
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (const letter of text) {
    a = Math.imul(a ^ letter.codePointAt(0), 0x01000193);
    b = Math.imul(b ^ letter.codePointAt(0), 0x85ebca6b);
  }
  return `${(a >>> 0).toString(16)}-${(b >>> 0).toString(16)}-${file.size}-${file.lastModified}`;
}

const sleep = (time) => new Promise((wake) => setTimeout(wake, time));

async function ask(upload, address, options) {
  const answer = await fetch(address, {
    credentials: "same-origin",
    ...options,
    headers: { "X-CSRFToken": token(upload), ...(options.headers || {}) },
  });
  const told = await answer.json();
  return { status: answer.status, ...told };
}

function say(upload, sentence, { error = false, share = null } = {}) {
  const status = upload.querySelector("[data-status]");
  status.classList.toggle("request__sending--error", error);
  status.textContent = sentence;
  if (share !== null) {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = share;
    bar.setAttribute("aria-label", sentence);
    status.append(document.createElement("br"), bar);
  }
}

async function send(upload, file) {
  const started = await ask(upload, upload.dataset.upload, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: file.name, size: file.size, kind: upload.dataset.kind, mark: markOf(file) }),
  });
  if (!started.upload) return started;
  const address = `${upload.dataset.upload}${started.upload}/`;
  let at = started.received;
  let failures = 0;
  while (at < file.size) {
    say(upload, `${upload.dataset.sending} ${Math.floor((100 * at) / file.size)}%`, { share: at / file.size });
    let told;
    try {
      told = await ask(upload, address, {
        method: "POST",
        headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(at) },
        body: file.slice(at, at + started.piece),
      });
    } catch {
      // Cut off: wait, ask how much is there, go on.
      if (failures >= PATIENCE.length) return { sentence: upload.dataset.again };
      say(upload, upload.dataset.again, { share: at / file.size });
      await sleep(PATIENCE[failures++]);
      try {
        const there = await ask(upload, address, { method: "GET" });
        if (there.upload) at = there.received;
      } catch {
        // Still cut off; the next round waits longer.
      }
      continue;
    }
    if (typeof told.received !== "number") return told;
    at = told.received;
    failures = 0;
  }
  say(upload, upload.dataset.checking, { share: 1 });
  return ask(upload, `${address}finish/`, { method: "POST" });
}

for (const upload of document.querySelectorAll("form[data-upload]")) {
  const field = upload.querySelector("input[type=file]");
  let busy = false;
  // Choosing a file sends it at once, so the button has nothing to do.
  upload.querySelector(".buttons").remove();
  const begin = async () => {
    const file = field.files[0];
    if (!file || busy) return;
    if (file.size > Number(upload.dataset.limit)) {
      say(upload, upload.dataset.tooLarge, { error: true });
      field.value = "";
      return;
    }
    busy = true;
    try {
      const told = await send(upload, file);
      if (told.whole) {
        window.location.assign(`${window.location.pathname}?saved=1#${upload.dataset.kind}`);
        if (window.location.search === "?saved=1") window.location.reload();
        return;
      }
      say(upload, told.sentence || upload.dataset.again, { error: true });
    } catch {
      say(upload, upload.dataset.again, { error: true });
    } finally {
      busy = false;
      field.value = "";
    }
  };
  field.addEventListener("change", begin);
  upload.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });
}
