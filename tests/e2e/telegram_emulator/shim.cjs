"use strict";
// Serves telegram-test-api 4.2.1 so that a current Bot API client can talk to it.
//
// The emulator's message store and its client routes (/sendMessage, /sendCommand, /sendCallback,
// /getUpdates, /getUpdatesHistory) are used untouched. The Bot API routes below stand in front of its own,
// which leave out fields and methods that have become compulsory since. What this proves is transport,
// process and wiring, not conformity with Telegram.
//
//   node shim.cjs [PORT [FIRST_UPDATE_ID]]
//
// Prints one line, {"port": N}, when it listens. GET /calls lists the Bot API calls so far; POST /deliverAgain
// puts every update that was fetched and confirmed back into the queue.

const http = require("node:http");
const TelegramServer = require("telegram-test-api");

const HOST = "127.0.0.1";
const LONGEST_POLL_MS = 25_000;
const POLL_STEP_MS = 10;
const BODY_LIMIT = 1024 * 1024;
const BOT = { id: 666, is_bot: true, first_name: "政策通", username: "policy_test_bot" };

const [port, firstUpdateId] = [Number(process.argv[2] || 0), Number(process.argv[3] || 1)];
const emulator = new TelegramServer({ host: HOST, port: 9000 });
emulator.updateId = firstUpdateId;
const calls = [];
let confirmed = [];

class BadRequest extends Error {}

function sendJson(response, status, value) {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": body.length });
  response.end(body);
}

async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new BadRequest("request body too large");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (!text) return {};
  const type = request.headers["content-type"] || "";
  if (type.startsWith("application/json")) return JSON.parse(text);
  if (type.startsWith("multipart/form-data")) return formFields(text);
  return Object.fromEntries(new URLSearchParams(text));
}

// Fields of a form; of a file only its name and how it begins.
function formFields(text) {
  const parts = text.matchAll(/name="([^"]+)"(?:; filename="([^"]*)")?[^]*?\r\n\r\n([^]*?)\r\n--/g);
  const fields = [...parts].map(([, name, file, value]) => [name, file ? [file, value.slice(0, 2)] : value]);
  const [file, begins] = fields.map(([, value]) => value).find(Array.isArray) || [];
  return { ...Object.fromEntries(fields.filter(([, value]) => !Array.isArray(value))), file, begins };
}

function withoutToken({ botToken, ...message }) {
  return message;
}

function asUpdate(stored) {
  const update = TelegramServer.formatUpdate(stored);
  if (update.message) update.message = withoutToken(update.message);
  if (update.callback_query) update.callback_query.chat_instance = "1";
  return update;
}

function storedBotMessage(body) {
  return emulator.storage.botMessages.find(
    (stored) =>
      String(stored.messageId) === String(body.message_id) &&
      String(stored.message.chat_id) === String(body.chat_id),
  );
}

function asMessage(stored) {
  const { chat_id: chatId, text, reply_markup: replyMarkup } = stored.message;
  return {
    message_id: stored.messageId,
    date: Math.floor(stored.time / 1000),
    from: BOT,
    chat: { id: Number(chatId), type: Number(chatId) < 0 ? "supergroup" : "private" },
    text,
    ...(replyMarkup && replyMarkup.inline_keyboard ? { reply_markup: replyMarkup } : {}),
  };
}

function checkText(body) {
  if (!body.text) throw new BadRequest("Bad Request: message text is empty");
  if (body.text.length > 4096) throw new BadRequest("Bad Request: message is too long");
}

function checkButtons(body) {
  const markup = body.reply_markup ? JSON.parse(body.reply_markup) : {};
  for (const button of (markup.inline_keyboard || []).flat()) {
    const size = Buffer.byteLength(button.callback_data || "");
    if (size < 1 || size > 64) throw new BadRequest("Bad Request: BUTTON_DATA_INVALID");
  }
}

function edit(body, change) {
  checkButtons(body);
  const stored = storedBotMessage(body);
  if (!stored) throw new BadRequest("Bad Request: message to edit not found");
  const before = JSON.stringify(stored.message);
  change(body);
  const after = storedBotMessage(body);
  if (JSON.stringify(after.message) === before) throw new BadRequest("Bad Request: message is not modified");
  return asMessage(after);
}

async function getUpdates(body, token, request) {
  const offset = Number(body.offset || 0);
  const end = Date.now() + Math.min(Number(body.timeout || 0) * 1000, LONGEST_POLL_MS);
  const { storage } = emulator;
  const isConfirmed = (u) => u.botToken === token && u.updateId < offset;
  confirmed.push(...storage.userMessages.filter(isConfirmed));
  storage.userMessages = storage.userMessages.filter((u) => !isConfirmed(u));
  for (;;) {
    const waiting = storage.userMessages.filter((u) => u.botToken === token);
    if (waiting.length || Date.now() >= end || request.socket.destroyed) {
      return waiting.slice(0, Number(body.limit || 100)).map(asUpdate);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_STEP_MS));
  }
}

const methods = {
  getMe: () => BOT,
  getUpdates,
  sendMessage(body, token) {
    checkText(body);
    checkButtons(body);
    const { message_id: messageId } = emulator.addBotMessage(body, token);
    return asMessage(storedBotMessage({ chat_id: body.chat_id, message_id: messageId }));
  },
  editMessageText(body) {
    checkText(body);
    return edit(body, (changed) => emulator.editMessageText(changed));
  },
  editMessageReplyMarkup: (body) => edit(body, (changed) => emulator.editMessageReplyMarkup(changed)),
  sendDocument: (body, token) => methods.sendMessage({ chat_id: body.chat_id, text: body.file }, token),
  answerCallbackQuery: () => true,
  sendChatAction: () => true,
  setMyCommands: () => true,
  deleteMyCommands: () => true,
  deleteWebhook: () => true,
};

function deliverAgain() {
  const count = confirmed.length;
  emulator.storage.userMessages.unshift(...confirmed);
  confirmed = [];
  return { count };
}

async function callMethod(request, response, token, name) {
  const body = await readBody(request);
  if (name !== "getUpdates") calls.push({ method: name, parameters: { ...body } });
  try {
    sendJson(response, 200, { ok: true, result: await methods[name](body, token, request) });
  } catch (error) {
    const status = error instanceof BadRequest ? 400 : 500;
    sendJson(response, status, { ok: false, error_code: status, description: error.message });
  }
}

const server = http.createServer((request, response) => {
  const match = /^\/bot([^/]+)\/(\w+)$/.exec(request.url || "");
  if (request.url === "/calls") return sendJson(response, 200, calls);
  if (request.url === "/deliverAgain") return sendJson(response, 200, deliverAgain());
  if (!match || !Object.hasOwn(methods, match[2])) return emulator.webServer(request, response);
  return callMethod(request, response, match[1], match[2]).catch((error) => {
    sendJson(response, 400, { ok: false, error_code: 400, description: error.message });
  });
});

server.listen(port, HOST, () => console.log(JSON.stringify({ port: server.address().port })));
process.on("SIGTERM", () => process.exit(0));
