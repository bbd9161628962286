/** Tokens: what clients and scripts show in one's name. */
import { hub } from '../../app/api.ts'
import { hubUrl } from '../../app/base.ts'
import { CodeBlock } from '../../parts/CodeBlock.tsx'
import { Panel } from '../../parts/Panel.tsx'
import type { Me } from '../me.ts'
import { type TokenDesk, TokenList } from '../tokens/TokenList.tsx'

const desk: TokenDesk = {
  key: ['tokens'],
  list: (page) => hub.listTokens(page),
  make: (wish) => hub.createToken(wish),
  rotate: (id) => hub.rotateToken({ id }),
  revoke: (id) => hub.revokeToken({ id }),
}

export const TokensPart = ({ me }: { readonly me: Me }) => (
  <>
    <TokenList
      title="Your tokens"
      desk={desk}
      hint="hf auth login makes one for you; or make one here and give it to a client."
    />
    <Panel title="Use it" isFlush>
      <CodeBlock
        label="the commands"
        code={`export HF_ENDPOINT=${hubUrl}\nexport HF_TOKEN=…   # the token of ${me.name}\nhf auth whoami`}
      />
    </Panel>
  </>
)
