/** Looks up what the name system says. Driver: `names/dns`. */
export interface Names {
  /**
   * Texts of a name, each joined, at most `textsMax`; empty where the name has none or does not exist. Throws what the resolver says when it
   * cannot be asked.
   */
  texts(name: string): Promise<readonly string[]>
}

/** More are not looked at. */
export const textsMax = 100
