import { connect } from "node:net";
import type { Probes } from "../platform.ts";

/** Probes over the network. Whatever stands in the way of an answer is the answer "no". */
export const probes: Probes = {
  tcp(host, port, timeoutMs) {
    return new Promise((resolve) => {
      const socket = connect({ host, port });
      const timer = setTimeout(() => socket.destroy(), timeoutMs);
      let accepted = false;
      socket.once("connect", () => {
        accepted = true;
        socket.destroy();
      });
      socket.once("error", () => socket.destroy());
      socket.once("close", () => {
        clearTimeout(timer);
        resolve(accepted);
      });
    });
  },

  async http(url, timeoutMs) {
    try {
      const response = await fetch(url, {
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      return response.status < 500;
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return false;
      throw error;
    }
  },
};
