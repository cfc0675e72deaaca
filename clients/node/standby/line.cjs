"use strict";
const fs = require("fs");
const { encoded, decoded } = require("./lines.cjs");

const { readSync, writeSync } = fs;
const { reallyExit } = process;

/** The connection to baton. It is read without the event loop, in which nothing may happen yet. */
class Line {
  #handle;
  #rest = "";
  #decoder = new TextDecoder();
  #chunk = new Uint8Array(65_536);

  constructor(address) {
    const { emitWarning } = process;
    process.emitWarning = () => {}; // That the binding is used is no matter of the program.
    const { Pipe, PipeConnectWrap, constants } = process.binding("pipe_wrap");
    process.emitWarning = emitWarning;
    this.#handle = new Pipe(constants.SOCKET);
    const request = new PipeConnectWrap();
    request.oncomplete = () => {};
    if (this.#handle.connect(request, address) !== 0) throw new Error("Baton is not there");
    this.#handle.setBlocking(true);
    this.#handle.unref();
  }

  say(...fields) {
    const bytes = new TextEncoder().encode(encoded(...fields));
    for (let at = 0; at < bytes.length;) at += writeSync(this.#handle.fd, bytes, at);
  }

  /** The fields of the next message; baton is gone where there is none. */
  read() {
    while (!this.#rest.includes("\n")) {
      const count = readSync(this.#handle.fd, this.#chunk);
      if (count === 0) reallyExit(0);
      this.#rest += this.#decoder.decode(this.#chunk.subarray(0, count), { stream: true });
    }
    const at = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, at);
    this.#rest = this.#rest.slice(at + 1);
    return decoded(line);
  }

  close() {
    this.#handle.close();
  }
}

module.exports = { Line };
