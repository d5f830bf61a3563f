// Makes globalThis.gonb_comm: values at addresses, between this page and the Go program
// that the kernel runs. It opens a comm to the kernel over the server's WebSocket.
(() => {
  const settings = SETTINGS;
  const old = globalThis.gonb_comm;
  if (old && old.session === settings.session) {
    old.hello();
    return;
  }
  if (old && old.close) old.close();

  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const own = random();

  // Where the kernel is: Jupyter's pages say it in an element, or in the body's data.
  const address = () => {
    let page = {};
    try {
      page = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    } catch {}
    const data = (document.body && document.body.dataset) || {};
    const base = page.wsUrl || page.baseUrl || data.baseUrl || "/";
    const url = new URL(base.replace(/\/*$/, "/") + "api/kernels/" + encodeURIComponent(settings.kernel) + "/channels", document.location.href);
    url.protocol = url.protocol.replace(/^http/, "ws");
    url.searchParams.set("session_id", own);
    const token = page.token || data.jupyterApiToken;
    if (token) url.searchParams.set("token", token);
    return url.href;
  };

  let socket = null; // open or being opened
  let id = null; // of the comm, when it is open
  let closed = false;
  let wait = 500; // before the next try, in ms
  const queue = []; // of what is to be sent when it is open
  const subscribers = new Map(); // by address: callbacks by symbol
  const variables = new Map(); // by address

  // The channel is the one that a running cell does not hold up: it may be what waits.
  const post = (type, content) => {
    const msg_id = random();
    const header = { msg_id, msg_type: type, session: own, username: "", date: new Date().toISOString(), version: "5.4" };
    socket.send(JSON.stringify({ channel: "control", header, msg_id, msg_type: type, parent_header: {}, metadata: {}, content, buffers: [] }));
  };

  const open = () => {
    if (socket || closed) return;
    const mine = (socket = new WebSocket(address()));
    mine.onopen = () => {
      id = random();
      wait = 500;
      post("comm_open", { comm_id: id, target_name: settings.target, data: {} });
      for (const data of queue.splice(0)) post("comm_msg", { comm_id: id, data });
    };
    mine.onmessage = (event) => {
      if (typeof event.data !== "string") return; // has arrays: not ours
      const message = JSON.parse(event.data);
      const type = message.msg_type || (message.header && message.header.msg_type);
      if (!message.content || message.content.comm_id !== id) return;
      if (type === "comm_msg") receive(message.content.data || {});
      if (type === "comm_close") {
        id = null; // it needs no answer
        comm.close();
      }
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      socket = id = null;
      if (closed) return;
      setTimeout(open, wait);
      wait = Math.min(2 * wait, 30000);
    };
  };

  const receive = (data) => {
    const variable = variables.get(data.address);
    if (data.read_request) {
      if (variable) comm.send(data.address, variable.get());
      return;
    }
    for (const callback of [...(subscribers.get(data.address) || new Map()).values()]) {
      try {
        callback(data.address, data.value);
      } catch (error) {
        console.error("gonb_comm: " + data.address + ":", error);
      }
    }
  };

  const comm = {
    debug: false,
    session: settings.session,

    // send sends a value, now or when there is a connection.
    send(address, value) {
      const data = { address, value };
      if (id) post("comm_msg", { comm_id: id, data });
      else if (queue.length < 1000) queue.push(data);
      open();
    },

    // subscribe has callback(address, value) called with what the program sends.
    subscribe(address, callback) {
      const symbol = Symbol(address);
      if (!subscribers.has(address)) subscribers.set(address, new Map());
      subscribers.get(address).set(symbol, callback);
      return symbol;
    },

    unsubscribe(symbol) {
      for (const [address, callbacks] of subscribers) {
        if (callbacks.delete(symbol) && callbacks.size === 0) subscribers.delete(address);
      }
    },

    // newSyncedVariable returns the variable at an address, set to value, which the
    // program gets to know.
    newSyncedVariable(address, value) {
      if (!variables.has(address)) variables.set(address, variableAt(address));
      const variable = variables.get(address);
      variable.assign(value);
      if (value !== undefined && value !== null) comm.send(address, value);
      return variable;
    },

    hello() {
      comm.send(settings.hello, true);
    },

    close() {
      if (closed) return;
      closed = true;
      if (id) {
        try {
          post("comm_close", { comm_id: id, data: {} });
        } catch {}
      }
      id = null;
      if (socket) socket.close();
      if (globalThis.gonb_comm === comm) delete globalThis.gonb_comm;
    },
  };

  const variableAt = (address) => {
    let current = null;
    const callbacks = new Map();
    const variable = {
      get: () => current,
      set(value) {
        if (value === current) return;
        variable.assign(value);
        comm.send(address, value);
      },
      // assign sets what the program knows already.
      assign(value) {
        if (value === current) return;
        current = value;
        for (const callback of [...callbacks.values()]) callback(value);
      },
      subscribe(callback) {
        const symbol = Symbol(address);
        callbacks.set(symbol, callback);
        return symbol;
      },
      unsubscribe: (symbol) => void callbacks.delete(symbol),
    };
    comm.subscribe(address, (_, value) => variable.assign(value));
    return variable;
  };

  if (globalThis.addEventListener) {
    globalThis.addEventListener("pagehide", (event) => {
      if (!event.persisted) comm.close();
    });
  }
  globalThis.gonb_comm = comm;
  open();
})();
