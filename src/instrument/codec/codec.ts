/** Takes a stream of bytes apart into messages; keeps what is incomplete until more arrives. */
export interface Decoder<M> {
  /** Messages that end in these bytes, oldest first. */
  push(bytes: Uint8Array): M[];
  /** Forgets an incomplete message. */
  reset(): void;
}
