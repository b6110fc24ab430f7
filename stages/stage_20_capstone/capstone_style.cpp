#include "capstone_style.hpp"

namespace nt {

const std::string_view kCapstoneStyle = R"css(
html { scroll-behavior: smooth; }
body { max-width: 64rem; padding: 0 1rem 4rem; }
a { color: var(--s0); }
header { padding: 3rem 0 0; }
h1 { font-size: clamp(1.9rem, 6vw, 3rem); letter-spacing: -0.02em; margin: 0 0 0.75rem; }
.lead { font-size: 1.15rem; max-width: 42rem; margin: 0; }
.soft { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0.75rem;
  margin: 2rem 0; padding: 0; list-style: none; }
.tiles li { border: 1px solid var(--rule); border-radius: 0.75rem; padding: 0.9rem 1rem;
  color: var(--soft); font-size: 0.9rem; line-height: 1.35; overflow-wrap: anywhere; }
.tiles strong { display: block; color: var(--ink); font-size: 1.75rem; letter-spacing: -0.02em; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; padding: 0.6rem 0;
  border-top: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }
section { margin-top: 3.5rem; scroll-margin-top: 1rem; }
section > p { max-width: 42rem; overflow-wrap: anywhere; }
h2 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.75rem; margin-top: 0;
  font-size: 1.5rem; letter-spacing: -0.01em; }
h2 small { color: var(--soft); font-size: 0.85rem; font-weight: 400; letter-spacing: 0; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.25rem; }
img { display: block; width: 100%; height: auto; image-rendering: pixelated; }
figure { min-width: 0; }
.grid { display: grid; gap: 0.75rem; }
.grid figure { margin: 0; }
.grid figcaption { line-height: 1.3; margin-top: 0.25rem; }
.digits { grid-template-columns: repeat(auto-fill, minmax(4.25rem, 1fr)); }
.digits figcaption { color: var(--ink); font-size: 1.05rem; font-weight: 600; }
.digits small { display: block; color: var(--soft); font-size: 0.75rem; font-weight: 400; }
.digits img { border-radius: 0.35rem; }
.digits .missed img { outline: 2px solid var(--s1); outline-offset: 1px; }
.digits .missed figcaption { color: var(--s1); }
.mistakes { grid-template-columns: repeat(auto-fill, minmax(min(100%, 18.5rem), 1fr));
  gap: 1.1rem 1.5rem; }
details { margin: 1.25rem 0; }
summary { cursor: pointer; color: var(--s0); padding: 0.35rem 0; }
details > .grid { margin-top: 0.75rem; }
.named { columns: 14rem; padding: 0; list-style: none; font-size: 0.85rem; }
#curve .s0 path { stroke-width: 7; opacity: 0.35; }
#curve .s1 path { stroke-width: 1.5; }
#curve svg { max-width: 46rem; font-size: 10px; }
#curve figcaption { max-width: 46rem; }
.beside { display: flex; flex-wrap: wrap; gap: 0 3rem; align-items: flex-start; }
.beside .table { max-width: 100%; }
sup { line-height: 0; font-size: 0.75em; }
.bars { width: 100%; max-width: 46rem; }
.bars th { color: var(--ink); }
.bars th:first-child, .beside td:first-child { white-space: normal; }
.bars th:first-child { width: 100%; }
.bars span { display: block; height: 0.6rem; margin: 0.1rem 0 0.3rem; border-radius: 0.2rem;
  min-width: 2px; background: var(--soft); }
.bars .rung span { background: var(--s0); }
.bars .peak span { background: var(--s1); }
.road { padding: 0; list-style: none; }
.road li { display: grid; grid-template-columns: 1.75rem 1fr; gap: 0 0.5rem; padding: 0.55rem 0;
  border-bottom: 1px solid var(--rule); }
.road .mark { grid-row: span 3; font-size: 1.1rem; line-height: 1.35; color: var(--soft); }
.road .ticked .mark { color: var(--s2); font-weight: 700; }
.road small { color: var(--soft); }
.road .ticked .state { color: var(--s2); }
@media (min-width: 48rem) { .road li { grid-template-columns: 1.75rem 1fr 11rem; }
  .road .mark { grid-row: span 2; } .road .state { grid-row: 1 / span 2; grid-column: 3;
  text-align: right; } }
@media (max-width: 30rem) { #curve svg { font-size: 16px; } #matrix svg { font-size: 15px; }
  .digits { grid-template-columns: repeat(auto-fill, minmax(3.5rem, 1fr)); } }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
)css";

}  // namespace nt
