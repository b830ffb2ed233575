/**
 * The whole style. Its hash stands in the Content-Security-Policy, so nothing else may style the page. It is written tightly,
 * because every page has it: p, w, f, n and m are the states, b the bars of days, k their legend, h the sentence on top.
 */
export const style = `:root{color-scheme:light dark;--b:#fff;--t:#222;--s:#566;--a:#05a;--p:#174;--w:#850;--f:#b22}
@media(prefers-color-scheme:dark){:root{--b:#111;--t:#eee;--s:#aab;--a:#7bf;--p:#4b7;--w:#ea3;--f:#f77}}
@media(forced-colors:active){:root{--b:Canvas;--t:CanvasText;--s:CanvasText;--a:LinkText;--p:CanvasText;--w:CanvasText;--f:CanvasText}b,.b li{forced-color-adjust:none}}
*{margin:0;padding:0}
ol,ul{list-style:none}
body{max-width:46rem;margin:auto;padding:2rem 1rem;font:1rem/1.5 system-ui,sans-serif;color:var(--t);background:var(--b);overflow-wrap:anywhere}
a{color:var(--a)}
:focus-visible,li:target{outline:3px solid var(--a);outline-offset:2px}
.j{position:absolute;left:-99rem}
.j:focus{left:0}
img{width:2rem;height:2rem;object-fit:contain;float:left}
h1,h2{font-size:1.1rem}
h2,footer{margin-top:2rem}
.h{font-size:1.5rem;margin:1rem 0}
img,.i,.k b{margin-right:.4em}
.i,.k b{width:1em;height:1em;vertical-align:-.1em}
.k b,.k li{display:inline-block}
.k li{margin:1rem 1em 0 0}
section,.e li{border-top:1px solid #8886;margin-top:1rem;padding-top:1rem}
small,footer,figcaption{font-size:.875rem;color:var(--s)}
.b{display:grid;grid-template-columns:repeat(90,1fr);gap:1px;position:relative;margin-top:1rem;padding-bottom:1.6rem}
.b li{height:2rem}
.b a{display:block;height:100%}
.b i{position:absolute;inset:auto 0 0;opacity:0;pointer-events:none;font:inherit;color:var(--t);background:var(--b)}
.b :hover>i,.b a:focus i{opacity:1}
.b+small{display:block;margin-top:-1.6rem;line-height:1.6rem}
.b>*,.p{background:var(--p);print-color-adjust:exact}
.p{fill:var(--p)}
.w{fill:var(--w);background:linear-gradient(#0000 35%,var(--w) 0)}
.f{fill:var(--f);background:linear-gradient(var(--f) 40%,#0000 0 60%,var(--f) 0)}
.n{fill:var(--s);background:linear-gradient(#0000 85%,var(--s) 0)}
.m{fill:var(--a);background:repeating-linear-gradient(45deg,var(--a) 0 2px,#0000 0 5px)}
svg{background:0 0!important}
pre{white-space:pre-wrap}
figure svg{display:block;width:100%;height:2rem;margin-top:1rem;fill:none;stroke:var(--a);stroke-width:2;stroke-linecap:round}
path{vector-effect:non-scaling-stroke;fill-rule:evenodd}
@media(max-width:40em){.b{grid-template-columns:repeat(30,1fr)}}`

/** SHA-256 of {@link style}, as a source of the Content-Security-Policy (https://www.w3.org/TR/CSP3/#grammardef-hash-source). */
export const styleHash = 'sha256-BrE/Y8skrTJkyP050CQqD5xpHe/RZ5qUX24XkqV2kNg='
