/** @file Makes and removes the frames in which programs run; only a document can. A worker asks its page by messages: {@link remoteFrames} there, {@link answerFrames} here. */
import { frameDocument } from "./frame.ts";

export interface FrameHost {
  /**
   * Makes a frame that listens to the port, which it takes over. What is sent before it listens is kept.
   * @returns removes the frame, and with it every worker in it.
   */
  open(port: MessagePort): () => void;
}

/** What a worker asks of its page. The page must give the port of `open` on. */
export type FrameRequest = { readonly open: number; readonly port: MessagePort } | { readonly close: number };

/** For a document. */
export function documentFrames(): FrameHost {
  return {
    open(port) {
      const frame = document.createElement("iframe");
      // Never allow-same-origin: without an origin there is no storage, and no way to the page.
      frame.setAttribute("sandbox", "allow-scripts");
      frame.referrerPolicy = "no-referrer";
      frame.title = "Programs run in here";
      frame.hidden = true;
      frame.onload = () => {
        // An opaque origin cannot be named.
        frame.contentWindow?.postMessage(null, "*", [port]);
        frame.onload = null;
      };
      let closed = false;
      void frameDocument().then((text) => {
        if (closed) return;
        frame.srcdoc = text;
        document.body.append(frame);
      });
      return () => {
        closed = true;
        frame.remove();
      };
    },
  };
}

/** For a worker. @param post hands a request to the page, with what moves over. */
export function remoteFrames(post: (request: FrameRequest, transfer: Transferable[]) => void): FrameHost {
  let opened = 0;
  return {
    open(port) {
      const id = ++opened;
      post({ open: id, port }, [port]);
      return () => {
        post({ close: id }, []);
      };
    },
  };
}

export interface FrameAnswers {
  take(request: FrameRequest): void;
  /** Removes every frame of a worker that is gone. */
  closeAll(): void;
}

/** For the page of such a worker. */
export function answerFrames(host: FrameHost): FrameAnswers {
  const open = new Map<number, () => void>();
  return {
    take(request) {
      if ("open" in request) {
        open.set(request.open, host.open(request.port));
        return;
      }
      open.get(request.close)?.();
      open.delete(request.close);
    },
    closeAll() {
      for (const close of open.values()) close();
      open.clear();
    },
  };
}
