/** @file A protobuf message as a list of fields that can be changed and written again; what is not looked at stays byte for byte. Leaves out what fields mean. */

/** One field, of any wire type, as its bytes. */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length and contents, 5 four bytes. */
  readonly wire: number;
  /** Contents without tag and length; a varint as it is encoded. A view of what was parsed. */
  readonly bytes: Uint8Array;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** @throws {RangeError} if the bytes are no protobuf message */
export function parseFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    at = tag.end;
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    let start = at;
    if (wire === 0) at = readVarint(bytes, at).end;
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = readVarint(bytes, at);
      start = length.end;
      at = start + length.value;
    } else throw new RangeError(`not a protobuf message: wire type ${wire}`);
    if (at > bytes.length) throw new RangeError("not a protobuf message: it ends within a field");
    fields.push({ number, wire, bytes: bytes.subarray(start, at) });
  }
  return fields;
}

export function writeFields(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const parts = fields.flatMap(({ number, wire, bytes }) => [
    varint(number * 8 + wire),
    ...(wire === 2 ? [varint(bytes.length)] : []),
    bytes,
  ]);
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

export function textField(number: number, text: string): Field {
  return { number, wire: 2, bytes: encoder.encode(text) };
}

export function messageField(number: number, fields: readonly Field[]): Field {
  return { number, wire: 2, bytes: writeFields(fields) };
}

export function bytesField(number: number, bytes: Uint8Array): Field {
  return { number, wire: 2, bytes };
}

/** @param value negative ones as 64 bits, as protobuf has them */
export function intField(number: number, value: number): Field {
  return { number, wire: 0, bytes: value < 0 ? varint64(value) : varint(value) };
}

export function floatField(number: number, value: number): Field {
  return { number, wire: 5, bytes: new Uint8Array(Float32Array.of(value).buffer) };
}

/** All texts of a field, in order. */
export function texts(fields: readonly Field[], number: number): string[] {
  return fields.filter((field) => field.number === number).map(({ bytes }) => decoder.decode(bytes));
}

/** All whole numbers of a field, in order, packed or one by one. */
export function ints(fields: readonly Field[], number: number): number[] {
  return fields.flatMap((field) => (field.number === number ? readVarints(field.bytes) : []));
}

function readVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const { value, end } = readVarint(bytes, at);
    values.push(value);
    at = end;
  }
  return values;
}

/** In numbers, since no field that is read here passes 2⁵³. */
function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let scale = 1, end = at; end < bytes.length; scale *= 128) {
    const byte = bytes[end++]!;
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end };
  }
  throw new RangeError("not a protobuf message: it ends within a number");
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

function varint64(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}
