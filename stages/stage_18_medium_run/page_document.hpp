#pragma once
// A report that is written once and shown wherever it is wanted: in the terminal, as Markdown, and
// as a page of HTML with pictures.

#include <string>
#include <variant>
#include <vector>

namespace nt {

struct Heading {
  std::string text;
};

struct Paragraph {
  std::string text;
};

/// Rows of cells below their heads; each row has as many cells as there are heads.
struct DataTable {
  std::vector<std::string> heads;
  std::vector<std::vector<std::string>> rows;
};

/// A picture: for HTML as an <svg> element, for Markdown drawn with characters, or nothing.
struct Figure {
  std::string caption;
  std::string svg;
  std::string characters;
};

using Block = std::variant<Heading, Paragraph, DataTable, Figure>;

struct Document {
  std::string title;
  std::vector<Block> blocks;
};

/// The lines of the table as common/terminal draws them.
std::string text_of(const DataTable& table);

/// For the terminal: texts as they are, tables as above, pictures in characters.
std::string text_of(const Document& document);

/// As Markdown: `# title`, `## heading`, tables with bars (a bar in a cell is written \|), figures
/// as fenced blocks with their caption below; a figure without characters is left out.
std::string markdown_of(const Document& document);

/// As html_page. Texts are escaped, pictures stand as they are.
std::string html_of(const Document& document);

}  // namespace nt
