/** @file A server that nobody may reach. Everything that connects to it is counted, whatever it says. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Trap {
  /** Ends with a slash. */
  readonly url: string;
  connections(): number;
  close(): void;
}

export async function setTrap(): Promise<Trap> {
  let connections = 0;
  const server = createServer((_, response) => {
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/javascript" }).end("1");
  });
  server.on("connection", () => connections++);
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    connections: () => connections,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
