#include "page_document.hpp"

#include <fmt/format.h>

#include "markup.hpp"
#include "terminal/table.hpp"

namespace nt {
namespace {

using Cells = std::vector<std::string>;

/// `| a | b |`, a line.
std::string barred(const Cells& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) {
    line += ' ';
    for (const char letter : cell) line += letter == '|' ? "\\|" : std::string(1, letter);
    line += " |";
  }
  return line + '\n';
}

/// `<tr><td>a</td><td>b</td></tr>`, a line; `kind` is th or td.
std::string html_row(const Cells& cells, const char* kind) {
  std::string row = "<tr>";
  for (const std::string& cell : cells) row += fmt::format("<{0}>{1}</{0}>", kind, html_text(cell));
  return row + "</tr>\n";
}

struct AsText {
  std::string operator()(const Heading& heading) const { return heading.text + "\n\n"; }
  std::string operator()(const Paragraph& paragraph) const { return paragraph.text + "\n\n"; }
  std::string operator()(const DataTable& table) const { return text_of(table) + '\n'; }
  std::string operator()(const Figure& figure) const {
    return figure.characters.empty() ? "" : figure.characters + '\n';
  }
};

struct AsMarkdown {
  std::string operator()(const Heading& heading) const {
    return fmt::format("## {}\n\n", heading.text);
  }

  std::string operator()(const Paragraph& paragraph) const { return paragraph.text + "\n\n"; }

  std::string operator()(const DataTable& table) const {
    std::string lines = barred(table.heads) + "|---|";
    for (std::size_t i = 1; i < table.heads.size(); ++i) lines += "---:|";
    lines += '\n';
    for (const Cells& row : table.rows) lines += barred(row);
    return lines + '\n';
  }

  std::string operator()(const Figure& figure) const {
    if (figure.characters.empty()) return "";
    return fmt::format("```\n{}```\n\n{}\n\n", figure.characters, figure.caption);
  }
};

struct AsHtml {
  std::string operator()(const Heading& heading) const {
    return fmt::format("<h2>{}</h2>\n", html_text(heading.text));
  }

  std::string operator()(const Paragraph& paragraph) const {
    return fmt::format("<p>{}</p>\n", html_text(paragraph.text));
  }

  std::string operator()(const DataTable& table) const {
    std::string rows = html_row(table.heads, "th");
    for (const Cells& row : table.rows) rows += html_row(row, "td");
    return fmt::format("<div class=\"table\"><table>\n{}</table></div>\n", rows);
  }

  std::string operator()(const Figure& figure) const {
    return fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", figure.svg,
                       html_text(figure.caption));
  }
};

template <class As>
std::string all_blocks(const Document& document, const As& as) {
  std::string text;
  for (const Block& block : document.blocks) text += std::visit(as, block);
  return text;
}

}  // namespace

std::string text_of(const DataTable& table) {
  Table lines(table.heads);
  for (const Cells& row : table.rows) lines.add(row);
  return lines.text();
}

std::string text_of(const Document& document) { return all_blocks(document, AsText()); }

std::string markdown_of(const Document& document) {
  return fmt::format("# {}\n\n{}", document.title, all_blocks(document, AsMarkdown()));
}

std::string html_of(const Document& document) {
  const std::string title = fmt::format("<h1>{}</h1>\n", html_text(document.title));
  return html_page(document.title, title + all_blocks(document, AsHtml()));
}

}  // namespace nt
