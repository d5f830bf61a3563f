// A page with as little of a browser as widgets need. It reads a line of JSON for each
// thing that happens: {html} is displayed, {comm} comes from the kernel over the socket,
// {click: id} and {move: id, value} are the user's, {drop} ends the connection, {say:
// expression} asks for a value. It writes a line for each message to the kernel.
const vm = require("vm");
const elements = new Map();

class Element {
  constructor(id, value) {
    Object.assign(this, { id, value, listeners: {}, attributes: {} });
  }
  addEventListener(type, f) {
    (this.listeners[type] ||= []).push(f);
  }
  dispatch(type) {
    for (const f of this.listeners[type] || []) f({});
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  insertAdjacentHTML(where, html) {
    show(html);
  }
}

globalThis.document = {
  location: { href: "http://example.org/lab/tree/a.ipynb" },
  body: { dataset: {} },
  getElementById: (id) =>
    id === "jupyter-config-data" ? { textContent: '{"baseUrl": "/user/me/", "token": "t&t"}' } : elements.get(id) || null,
};

let socket = null;
globalThis.WebSocket = class {
  constructor(url) {
    socket = this;
    write({ url: url.replace(/session_id=[0-9a-f]{32}/, "session_id=S") });
    setTimeout(() => this.onopen({}), 1);
  }
  send(text) {
    write(JSON.parse(text));
  }
  close() {
    if (socket === this) socket = null;
    this.onclose({});
  }
};

const write = (x) => process.stdout.write(JSON.stringify(x) + "\n");

const show = (html) => {
  const script = /^<script>([^]*)<\/script>\s*$/.exec(html);
  if (script) {
    vm.runInThisContext(script[1]);
    return;
  }
  for (const [, id, rest] of html.matchAll(/<\w+ [^>]*?\bid="([^"]*)"([^>]*)/g)) {
    elements.set(id, new Element(id, (/\bvalue="([^"]*)"/.exec(html) || [])[1]));
  }
};

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const m = JSON.parse(line);
    if (m.html !== undefined) show(m.html);
    if (m.comm && socket) socket.onmessage({ data: JSON.stringify({ msg_type: m.comm.type, content: m.comm }) });
    if (m.click) elements.get(m.click).dispatch("click");
    if (m.move) {
      elements.get(m.move).value = m.value;
      elements.get(m.move).dispatch("input");
      elements.get(m.move).dispatch("change");
    }
    if (m.drop) {
      const old = socket;
      socket = null;
      old.onclose({});
    }
    if (m.say) write({ said: vm.runInThisContext(m.say) });
  });
