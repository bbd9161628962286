/** The format of a file by its name: what rules of organisations may speak of. */

const forms = [
  // Runs code when it is loaded; frameworks hide it under several names.
  [/(\.(pkl|pickle|pt|pth|ckpt|joblib|dill|bin|npy|npz|nemo|mar)|pytorch_model[^/]*)$/i, 'pickle'],
  [/\.safetensors$/i, 'safetensors'],
  [/\.gguf$/i, 'gguf'],
  [/\.onnx$/i, 'onnx'],
  [/\.(h5|hdf5|keras)$/i, 'keras'],
  [/\.(tflite|pb)$/i, 'tensorflow'],
  [/\.(py|ipynb|sh)$/i, 'code'],
  [/\.(zip|tar|gz|tgz|7z|rar|xz|zst)$/i, 'archive'],
] as const satisfies readonly (readonly [RegExp, string])[]

export type FileFormat = (typeof forms)[number][1]

const fileFormats: readonly FileFormat[] = forms.map(([, name]) => name)

export const isFileFormat = (word: string): boolean => fileFormats.some((one) => one === word)

/** Undefined for what is no format of this list, such as a card or a configuration. */
export const fileFormatOf = (path: string): FileFormat | undefined =>
  forms.find(([form]) => form.test(path))?.[1]

/** Those that are there, each once. */
export const fileFormatsOf = (paths: readonly string[]): FileFormat[] => {
  const found = new Set(paths.map(fileFormatOf))
  return fileFormats.filter((one) => found.has(one))
}
