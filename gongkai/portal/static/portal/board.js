// The hall screen: goes round, turns pages, asks for what changed, and shows nothing that may have been recalled.
(function () {
  "use strict";

  const KEPT = "gongkai-board-1";
  const here = location.pathname;
  const memory = `gongkai-board:${here}`;
  // A clock that is set back by more than this tells nothing about how old the content is.
  const SET_BACK = 10 * 60 * 1000;
  const WAIT = 10000;

  let main;
  let settings;
  let shown = null; // the article on the screen
  let page = 0;
  let pages = 1;
  let since = 0; // when this page came up, performance.now()
  let paused = false;
  let gone = false;
  // When the server last answered (its own time), what performance.now() said then, and how far this machine's clock is off.
  let heard = { at: 0, mono: 0, offset: 0 };

  document.documentElement.classList.add("board-live");
  document.addEventListener("DOMContentLoaded", start);

  function start() {
    main = document.querySelector("[data-board]");
    settings = read(main);
    const kept = remembered();
    const at = Date.parse(main.dataset.at);
    heard = { at: Math.max(at, kept.at), mono: performance.now(), offset: kept.offset };
    const button = document.getElementById("pause");
    button.hidden = false;
    button.addEventListener("click", () => pause(!paused));
    document.addEventListener("keydown", key);
    window.addEventListener("resize", () => shown && open(shown, 0));
    if ("serviceWorker" in navigator) {
      navigator.serviceWorker.register(main.dataset.worker).then(keepParts, () => {});
    }
    // Judged only after the first answer, or after it failed to come: the clock of this machine may be wrong.
    look().then(() => {
      tick();
      setInterval(tick, 1000);
      setInterval(look, settings.look);
    });
    (document.fonts ? document.fonts.ready : Promise.resolve()).then(() => shown || next(1));
  }

  function read(element) {
    const seconds = (name) => Number(element.dataset[name]) * 1000;
    return { turn: seconds("seconds"), look: seconds("look"), offline: seconds("offline"), giveUp: seconds("giveUp") };
  }

  // ---- time ------------------------------------------------------------------------------------------------------

  function now() {
    return Math.max(Date.now() + heard.offset, heard.at + performance.now() - heard.mono);
  }

  function tooOld() {
    const setBack = Date.now() + heard.offset < heard.at - SET_BACK;
    return setBack || now() - heard.at >= settings.giveUp;
  }

  function remembered() {
    try {
      const kept = JSON.parse(localStorage.getItem(memory) || "null");
      if (kept && Number.isFinite(kept.at) && Number.isFinite(kept.offset)) return kept;
    } catch {
      // Without a memory the instant in the page counts, which is earlier.
    }
    return { at: 0, offset: 0 };
  }

  function remember(at) {
    heard = { at, mono: performance.now(), offset: at - Date.now() };
    try {
      localStorage.setItem(memory, JSON.stringify({ at, offset: heard.offset }));
    } catch {
      // As above.
    }
  }

  // ---- what the server says --------------------------------------------------------------------------------------

  async function look() {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), WAIT);
    try {
      const answer = await fetch(here, { cache: "no-cache", signal: stop.signal });
      if (!answer.ok) return;
      const kept = answer.clone();
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const content = fresh.querySelector("[data-board]");
      if (!content) return; // somebody else answered: a portal of the network, a proxy
      // What did not change comes with its old text and a new date.
      const said = Date.parse(answer.headers.get("Date") || "");
      remember(Math.max(Date.parse(content.dataset.at), Number.isFinite(said) ? said : 0));
      settings = read(content);
      take(fresh, content);
      await keep(kept);
    } catch {
      // Not heard: `tick` says since when.
    } finally {
      clearTimeout(timer);
    }
  }

  function take(fresh, content) {
    if (!gone && content.innerHTML.trim() === received) return;
    received = content.innerHTML.trim();
    const number = shown && shown.dataset.number;
    const state = shown && shown.dataset.state;
    const place = shown ? articles().indexOf(shown) : -1;
    const at = page;
    main.replaceChildren(...Array.from(content.childNodes, (node) => document.importNode(node, true)));
    document.querySelector("h1").textContent = fresh.querySelector("h1").textContent;
    gone = false;
    shown = null;
    const same = articles().find((one) => one.dataset.number === number && one.dataset.state === state);
    if (same) open(same, at, true);
    else next(1, place < 0 ? undefined : place);
  }

  let received = null;

  async function keep(answer) {
    if (!("caches" in window)) return;
    await (await caches.open(KEPT)).put(here, answer);
  }

  async function keepParts() {
    if (!("caches" in window)) return;
    const parts = Array.from(document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]"));
    const kept = await caches.open(KEPT);
    await kept.addAll(parts.map((part) => new URL(part.href || part.src).pathname)).catch(() => {});
  }

  // ---- going round -----------------------------------------------------------------------------------------------

  function articles() {
    return Array.from(main.querySelectorAll(".slide"));
  }

  function next(step, from) {
    const all = articles();
    if (!all.length) {
      shown = null;
      return say();
    }
    const place = from === undefined ? all.indexOf(shown) : from - (step > 0 ? 1 : 0);
    open(all[(place + step + all.length) % all.length], 0);
  }

  function turn(step) {
    if (shown && page + step >= 0 && page + step < pages) open(shown, page + step);
    else next(step);
  }

  function open(article, number, quietly) {
    for (const one of articles()) one.classList.toggle("is-shown", one === article);
    shown = article;
    const text = article.querySelector(".slide__text");
    const gap = parseFloat(getComputedStyle(text).columnGap) || 0;
    const step = text.clientWidth + gap;
    pages = Math.max(1, Math.round((text.scrollWidth + gap) / step));
    page = Math.min(number, pages - 1);
    text.scrollLeft = page * step;
    if (!quietly) {
      since = performance.now();
    }
    say();
  }

  function tick() {
    document.getElementById("clock").textContent = day(now()) + " " + clock(now());
    if (tooOld()) giveUp();
    else dropEnded();
    if (!paused && performance.now() - since >= settings.turn) turn(1);
    say();
  }

  function dropEnded() {
    const ended = articles().filter((one) => one.dataset.ends && Date.parse(one.dataset.ends) <= now());
    const place = articles().indexOf(shown);
    for (const one of ended) one.remove();
    if (ended.includes(shown)) next(1, place);
  }

  // Nothing stays, neither on the screen nor in the machine.
  function giveUp() {
    if (gone) return;
    gone = true;
    shown = null;
    main.replaceChildren();
    if ("caches" in window) caches.open(KEPT).then((kept) => kept.delete(here));
  }

  function pause(wish) {
    paused = wish;
    since = performance.now();
    const button = document.getElementById("pause");
    button.textContent = paused ? button.dataset.go : button.dataset.pause;
    say();
  }

  function key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case " ":
        pause(!paused);
        break;
      case "ArrowRight":
      case "PageDown":
        turn(1);
        break;
      case "ArrowLeft":
      case "PageUp":
        turn(-1);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  // ---- what stands below -----------------------------------------------------------------------------------------

  function say() {
    const words = document.getElementById("words").dataset;
    const fill = (text, n, of) => text.replace("%n%", n).replace("%of%", of);
    const all = articles();
    let where = "";
    if (shown) {
      where = fill(words.where, all.indexOf(shown) + 1, all.length);
      if (pages > 1) where += "　" + fill(words.page, page + 1, pages);
    }
    put("where", where);
    const parts = [];
    if (now() - heard.at >= settings.offline) parts.push(`${words.offline} ${day(heard.at)} ${clock(heard.at)}`);
    if (paused) parts.push(words.paused);
    put("state", parts.join("　"));
    document.getElementById("gone").hidden = !gone;
    main.hidden = gone;
  }

  function put(id, text) {
    const element = document.getElementById(id);
    if (element.textContent !== text) element.textContent = text;
  }

  // The time of the office, wherever the machine thinks it stands.
  function day(at) {
    return new Intl.DateTimeFormat("zh-CN", { dateStyle: "long", timeZone: "Asia/Shanghai" }).format(at);
  }

  function clock(at) {
    return new Intl.DateTimeFormat("zh-CN", { timeStyle: "short", hourCycle: "h23", timeZone: "Asia/Shanghai" }).format(at);
  }
})();
