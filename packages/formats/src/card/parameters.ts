/** How many parameters a model has, as the headers of its weights say. */

interface Weights {
  readonly safetensors?: { readonly total: number }
  readonly gguf?: Readonly<Record<string, unknown>>
}

/** Undefined where no weights say it. */
export const parameterCount = ({ safetensors, gguf }: Weights): number | undefined => {
  if (safetensors !== undefined) return safetensors.total
  const total = gguf?.['total']
  return typeof total === 'number' && Number.isSafeInteger(total) ? total : undefined
}
