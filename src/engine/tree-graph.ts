/**
 * @file Lets a decoder's graph read a tree of tokens in one row: inputs say what each token sees, and where in its own text it stands. What
 * decodes as before is fed zeros and 0, 1, 2, …: measured, they cost nothing. Leaves out which trees there are (token-tree.ts).
 */
import {
  GRAPH,
  INT64,
  makeNode,
  nameOf,
  type Node,
  NODE,
  nodesOf,
  readGraphFields,
  tensorInput,
  tensorType,
  wholeNumber,
  withGraph,
} from "./onnx-file.ts";
import { messageField, textField } from "./protobuf.ts";

/** The input that is added: [1, 1, new tokens, all tokens] of the cache's type, on top of what attention scores before its softmax. */
export const BIAS_INPUT = "tree_bias";
/** Added where attention turns queries and keys itself: [all tokens] int64, the position of each in its own text. */
export const TREE_POSITIONS_INPUT = "tree_positions";

/** Inputs of GroupQueryAttention. */
const [COSINES, SINES, BIAS] = [7, 8, 10];

/**
 * Attention that turns queries and keys itself (`do_rotary`) goes by their places in the cache, whatever position_ids say. So its tables are laid
 * out anew, a row for each place; all its ways, also with queries, keys and values in one, stay as they are.
 * @returns the edited graph; `null` where tokens cannot be told what they see. @throws {RangeError} if the bytes are no protobuf message
 */
export function openTree(model: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const graph = readGraphFields(model);
  const inputs = graph.filter(({ number }) => number === GRAPH.input);
  const past = inputs.find((field) => nameOf(field).startsWith("past_key_values."));
  const takesPositions = inputs.some((field) => nameOf(field) === "position_ids");
  const nodes = nodesOf(graph);
  const attentions = nodes.filter(({ operator }) => operator === "GroupQueryAttention");
  const canBeTold = (node: Node): boolean => (node.inputs[BIAS] ?? "") === "" && (turns(node) || takesPositions);
  if (past === undefined || attentions.length === 0 || !attentions.every(canBeTold)) return null;

  const laidOut = new Map<string, Node>();
  const edited = nodes.flatMap((node): Node[] => {
    if (!attentions.includes(node)) return [node];
    const tables = turns(node) ? [node.inputs[COSINES]!, node.inputs[SINES]!] : [];
    const gathers = tables
      .filter((name) => !laidOut.has(name))
      .map((name) => makeNode("Gather", [name, TREE_POSITIONS_INPUT], `${name}.${TREE_POSITIONS_INPUT}`));
    for (const gather of gathers) laidOut.set(gather.inputs[0]!, gather);
    return [...gathers, told(node, laidOut)];
  });
  return withGraph(model, [
    ...edited.map(({ fields }) => messageField(GRAPH.node, fields)),
    ...graph.filter(({ number }) => number !== GRAPH.node),
    tensorInput(BIAS_INPUT, tensorType(past), [1, 1, "new", "all"]),
    ...(laidOut.size > 0 ? [tensorInput(TREE_POSITIONS_INPUT, INT64, ["all"])] : []),
  ]);
}

function turns(node: Node): boolean {
  return wholeNumber(node, "do_rotary") === 1;
}

/** Attention with the bias, and the tables that are laid out. */
function told(node: Node, laidOut: ReadonlyMap<string, Node>): Node {
  const inputs = Array.from({ length: Math.max(BIAS + 1, node.inputs.length) }, (_, i) => {
    const name = node.inputs[i] ?? "";
    return i === BIAS ? BIAS_INPUT : (laidOut.get(name)?.outputs[0] ?? name);
  });
  const rest = node.fields.filter(({ number }) => number !== NODE.input);
  return { ...node, fields: [...inputs.map((name) => textField(NODE.input, name)), ...rest], inputs };
}
