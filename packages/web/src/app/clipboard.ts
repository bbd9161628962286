/** Puts a text where it can be pasted. Plain http has no clipboard of its own: an old command still works there. Rejects where it was not let. */
export const copyText = async (text: string): Promise<void> => {
  // A cast because the types hide that it may be missing.
  const { clipboard } = navigator as { clipboard?: Clipboard }
  if (clipboard !== undefined) return clipboard.writeText(text)
  const { activeElement } = document
  const box = document.createElement('textarea')
  box.value = text
  // Beside an open window nothing can be selected.
  const within = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body
  within.append(box)
  box.select()
  const isCopied = document.execCommand('copy')
  box.remove()
  if (activeElement instanceof HTMLElement) activeElement.focus()
  if (!isCopied) throw new Error('The browser did not let it be copied.')
}
