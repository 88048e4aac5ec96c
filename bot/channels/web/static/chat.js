"use strict";
// Talks to /api and shows answers. Everything that comes from the server goes through textContent.
// Without this script the same forms work as plain form posts.

const log = document.getElementById("log");
const field = document.getElementById("text");
const waiting = document.getElementById("waiting");
let busy = false;

async function post(path, content) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });
  } catch {
    throw new Error("连接不上服务器，请检查网络后再试。");
  }
  let answer = null;
  try {
    answer = await response.json();
  } catch {
    // not our JSON (a proxy's page, say): told below
  }
  if (response.ok && answer) return answer;
  throw new Error(answer?.error || "服务器暂时没有答复，请稍后再试。");
}

function copyOf(name) {
  return document.getElementById(`${name}-template`).content.firstElementChild.cloneNode(true);
}

function show(card) {
  log.append(card);
  // The question stays in sight at the top, and the answer is read from its beginning.
  const asked = [...log.querySelectorAll(".question")].at(-1) || card;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  asked.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

function showText(name, text) {
  const card = copyOf(name);
  card.querySelector(".text").textContent = text;
  show(card);
}

function basisLine(basis, labels) {
  const line = copyOf("citation");
  const badge = line.querySelector(".badge");
  const camel = basis.status.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  badge.textContent = labels[camel] || basis.status;
  badge.classList.add(basis.status);
  line.querySelector("cite").textContent = basis.title;
  const number = line.querySelector(".doc-no");
  number.textContent = basis.doc_no || number.dataset.unknown;
  line.querySelector(".where").textContent = basis.where;
  if (basis.quotes.length) line.querySelector(".quote").textContent = basis.quotes.join("\n");
  else line.querySelector("details").remove();
  return line;
}

function fillNotices(card, notices) {
  for (const text of notices) {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.textContent = text;
    card.querySelector(".notices").append(notice);
  }
}

function fillOffice(line, office, note) {
  if (!office) {
    line.remove();
    return;
  }
  line.querySelector(".office-name").textContent = office.name;
  line.querySelector(".office-note").textContent = note;
  const phone = line.querySelector(".phone");
  phone.textContent = office.phone || "";
  if (/^[\d-]+$/.test(office.phone || "")) phone.href = `tel:${office.phone}`;
}

function fillSuggestions(card, answer) {
  const form = card.querySelector(".suggestions");
  if (!answer.suggestions.length) {
    form.remove();
    return;
  }
  const label = form.querySelector(".suggestions-label");
  if (answer.outcome === "clarify") label.textContent = label.dataset.clarify;
  for (const text of answer.suggestions) {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "text";
    button.value = text;
    button.textContent = text;
    form.append(button);
  }
}

function showAnswer({ exchange, answer, shown }) {
  const card = copyOf("answer");
  const labels = document.getElementById("answer-template").dataset;
  card.classList.add(answer.outcome);
  card.querySelector(".text").textContent = shown.text;
  fillNotices(card, answer.notices);
  const basis = card.querySelector(".basis");
  if (shown.bases.length) {
    basis.querySelector("ol").append(...shown.bases.map((each) => basisLine(each, labels)));
  } else {
    basis.remove();
  }
  fillOffice(card.querySelector(".office"), answer.office, shown.office_note);
  card.querySelector("[name=exchange]").value = exchange;
  fillSuggestions(card, answer);
  show(card);
}

function setBusy(now) {
  busy = now;
  waiting.textContent = now ? "正在查找……" : "";
  log.setAttribute("aria-busy", String(now));
}

async function ask(text, typed) {
  if (busy || !text) return;
  setBusy(true);
  for (const old of log.querySelectorAll(".suggestions")) old.remove();
  if (typed) field.value = "";
  showText("question", text);
  try {
    showAnswer(await post("/api/ask", { text }));
  } catch (error) {
    showText("problem", error.message);
    if (typed && !field.value) field.value = text;
  } finally {
    setBusy(false);
  }
}

async function rate(form, button) {
  const thanks = form.querySelector(".thanks");
  const exchange = Number(form.elements.exchange.value);
  try {
    await post("/api/rate", { exchange, helpful: button.value === "yes" });
    for (const each of form.querySelectorAll("button")) {
      each.setAttribute("aria-pressed", String(each === button));
    }
    thanks.textContent = "谢谢您的评价。";
  } catch (error) {
    thanks.textContent = error.message;
  }
}

async function forget() {
  try {
    await post("/api/forget", {});
    for (const old of log.querySelectorAll(".turn:not(.greeting), .said")) old.remove();
    waiting.textContent = "好的，我们换个话题。";
    field.focus();
  } catch (error) {
    waiting.textContent = error.message;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.matches("[data-ask]")) {
    event.preventDefault();
    const typed = form.id === "ask";
    ask((typed ? field.value : button.value).trim(), typed);
  } else if (form.matches("[data-rate]")) {
    event.preventDefault();
    rate(form, button);
  } else if (form.matches("[data-forget]")) {
    event.preventDefault();
    if (!busy) forget();
  }
});

// Enter asks, Shift+Enter breaks the line; Enter that ends an input method's composition does neither.
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    field.form.requestSubmit();
  }
});

// On a narrow screen the topics would push the conversation away: they start closed.
if (matchMedia("(max-width: 899px)").matches) document.getElementById("topics").open = false;
