#include "markup.hpp"

#include <fmt/format.h>

namespace nt {
namespace {

/// s0 to s3 are the series of a chart. The two tones of a heat map are `right` and `wrong`, whose
/// strength is the opacity of the cell.
constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ground: #ffffff; --ink: #1f2937; --soft: #6b7280;
  --rule: #d1d5db; --s0: #1d4ed8; --s1: #c2410c; --s2: #15803d; --s3: #7e22ce;
  --right: #60a5fa; --wrong: #fb923c; }
@media (prefers-color-scheme: dark) { :root { --ground: #111827; --ink: #e5e7eb; --soft: #9ca3af;
  --rule: #374151; --s0: #93c5fd; --s1: #fdba74; --s2: #86efac; --s3: #d8b4fe;
  --right: #1d4ed8; --wrong: #9a3412; } }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; }
h1, h2 { line-height: 1.2; margin: 2rem 0 0.75rem; }
h1 { font-size: 1.7rem; margin-top: 1rem; }
h2 { font-size: 1.25rem; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.75rem 0.2rem 0; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--rule); }
@media (max-width: 30rem) { table { font-size: 0.85rem; } th, td { padding-right: 0.4rem; } }
th { color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { text-align: left; }
figure { margin: 1rem 0; }
figcaption, footer { color: var(--soft); font-size: 0.9rem; }
svg { display: block; width: 100%; max-width: 36rem; height: auto; font-size: 13px; fill: var(--ink); }
svg path { fill: none; stroke-width: 1; }
path.axis { stroke: var(--soft); }
path.grid { stroke: var(--rule); }
text.axis { fill: var(--soft); }
.s0 path, .s1 path, .s2 path, .s3 path { stroke-width: 2; stroke-linejoin: round; }
.s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); }
.s3 { stroke: var(--s3); } .faint { opacity: 0.35; } .faint path { stroke-width: 1; }
.s0 circle { fill: var(--s0); } .s1 circle { fill: var(--s1); } .s2 circle { fill: var(--s2); }
.s3 circle { fill: var(--s3); }
rect.cell { fill: none; stroke: var(--rule); }
rect.right { fill: var(--right); } rect.wrong { fill: var(--wrong); }
)css";

}  // namespace

std::string html_text(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += letter;
    }
  }
  return result;
}

std::string svg_picture(double width, double height, std::string_view title,
                        std::string_view content) {
  const std::string text = html_text(title);
  return fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n<title>{}</title>\n{}</svg>\n",
      width, height, text, text, content);
}

std::string html_page(std::string_view title, std::string_view body, std::string_view style) {
  return fmt::format(R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>{}</title>
<style>{}{}</style>
</head>
<body>
{}</body>
</html>
)html",
                     html_text(title), kStyle, style, body);
}

}  // namespace nt
