/** A minimal ONNX writer: one embedding lookup, enough for a real session. Field numbers from onnx.proto3. */

const varint = (value) => {
  const bytes = []
  let rest = BigInt(value)
  do {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    bytes.push(rest === 0n ? low : low | 0x80)
  } while (rest !== 0n)
  return bytes
}

const number = (field, value) => [...varint(field << 3), ...varint(value)]
const bytes = (field, data) => [...varint((field << 3) | 2), ...varint(data.length), ...data]
const text = (field, value) => bytes(field, new TextEncoder().encode(value))

const dimension = (size) => bytes(1, typeof size === 'number' ? number(1, size) : text(2, size))
const shape = (sizes) => sizes.flatMap(dimension)

const value = (name, type, sizes) => {
  const tensor = [...number(1, type), ...bytes(2, shape(sizes))]
  return [...text(1, name), ...bytes(2, bytes(1, tensor))]
}

const float32 = 1
const int64 = 7

/** `last_hidden_state[b, s, :] = table[input_ids[b, s], :]`; the other inputs of a BERT are taken and not used. */
export const embeddingModel = (table, rows, columns) => {
  const raw = new Uint8Array(Float32Array.from(table).buffer)
  const weights = [
    ...number(1, rows),
    ...number(1, columns),
    ...number(2, float32),
    ...text(8, 'table'),
    ...bytes(9, raw),
  ]
  const gather = [
    ...text(1, 'table'),
    ...text(1, 'input_ids'),
    ...text(2, 'last_hidden_state'),
    ...text(4, 'Gather'),
  ]
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids']
  const graph = [
    ...bytes(1, gather),
    ...text(2, 'embedding'),
    ...bytes(5, weights),
    ...inputs.flatMap((name) => bytes(11, value(name, int64, ['batch', 'sequence']))),
    ...bytes(12, value('last_hidden_state', float32, ['batch', 'sequence', columns])),
  ]
  const opset = [...text(1, ''), ...number(2, 13)]
  return new Uint8Array([...number(1, 8), ...bytes(7, graph), ...bytes(8, opset)])
}
