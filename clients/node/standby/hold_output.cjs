"use strict";
/**
 * What a package manager prints before it starts its script: it is held until the program runs, whose hook finds
 * it in the environment.
 */
const fs = require("fs");

const { readFileSync, readdirSync } = fs;

function hasChild() {
  return readdirSync("/proc/self/task").some((task) =>
    readFileSync(`/proc/self/task/${task}/children`, "latin1") !== ""
  );
}

function begin() {
  const { stdout } = process;
  const { write } = stdout;
  const [how, view = ""] = process.env.BATON_STANDBY.split("\n");
  let held = "";
  stdout.write = function (chunk, encoding, done) {
    if (hasChild()) {
      stdout.write = write;
      return write.call(stdout, chunk, encoding, done);
    }
    held += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    process.env.BATON_STANDBY = [how, view, Buffer.from(held).toString("hex")].join("\n");
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback) process.nextTick(callback);
    return true;
  };
}

module.exports = { begin };
