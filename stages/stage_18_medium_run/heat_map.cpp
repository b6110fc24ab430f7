#include "heat_map.hpp"

#include <fmt/format.h>

#include "markup.hpp"

namespace nt {
namespace {

constexpr std::size_t kCellWidth = 36, kCellHeight = 32;
constexpr std::size_t kLeft = 52, kTop = 48;  // for the names of the rows and columns

std::string text_at(std::size_t x, std::size_t y, const std::string& attributes,
                    const std::string& text) {
  return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\"{}>{}</text>\n", x, y,
                     attributes, html_text(text));
}

std::string square(std::size_t x, std::size_t y, const HeatCell& cell) {
  const std::string box =
      fmt::format("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", x, y, kCellWidth, kCellHeight);
  std::string svg;
  if (cell.strength > 0) {
    svg += fmt::format("<rect class=\"{}\" {} fill-opacity=\"{:.2f}\"/>\n",
                       cell.tone == Tone::right ? "right" : "wrong", box, cell.strength);
  }
  svg += fmt::format("<rect class=\"cell\" {}/>\n", box);
  return cell.text.empty()
             ? svg
             : svg + text_at(x + kCellWidth / 2, y + kCellHeight / 2 + 5, "", cell.text);
}

}  // namespace

std::string heat_map(const HeatMap& map) {
  const std::string axis = " class=\"axis\"";
  const std::size_t rows = map.row_names.size(), columns = map.column_names.size();
  const std::size_t width = kLeft + columns * kCellWidth + 8;
  const std::size_t height = kTop + rows * kCellHeight + 8;
  const std::size_t middle = kTop + rows * kCellHeight / 2;
  std::string svg = text_at(kLeft + columns * kCellWidth / 2, 16, axis, map.columns);
  svg += text_at(16, middle, fmt::format("{} transform=\"rotate(-90 16 {})\"", axis, middle),
                 map.rows);
  for (std::size_t column = 0; column < columns; ++column) {
    svg += text_at(kLeft + column * kCellWidth + kCellWidth / 2, kTop - 10, axis,
                   map.column_names[column]);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t y = kTop + row * kCellHeight;
    svg += text_at(kLeft - 12, y + kCellHeight / 2 + 5, axis, map.row_names[row]);
    for (std::size_t column = 0; column < columns; ++column) {
      svg += square(kLeft + column * kCellWidth, y, map.cells[row * columns + column]);
    }
  }
  return svg_picture(static_cast<double>(width), static_cast<double>(height), map.title, svg);
}

HeatMap heat_map_of(const ConfusionMatrix& matrix) {
  HeatMap map{.title = "Rows: what an image shows. Columns: what was read. Cells: images.",
              .rows = "shown",
              .columns = "read as",
              .row_names = {},
              .column_names = {},
              .cells = {}};
  const std::vector<Confused> worst = most_confused(matrix, 1);
  for (std::int64_t label = 0; label < matrix.classes; ++label) {
    map.row_names.push_back(std::to_string(label));
    map.column_names.push_back(std::to_string(label));
    for (std::int64_t read = 0; read < matrix.classes; ++read) {
      HeatCell cell{.text = "", .tone = label == read ? Tone::right : Tone::wrong};
      if (const std::int64_t images = matrix.at(label, read); images > 0) {
        const std::int64_t all = label == read ? matrix.images_of(label) : worst.front().images;
        cell.text = std::to_string(images);
        cell.strength = static_cast<double>(images) / static_cast<double>(all);
      }
      map.cells.push_back(std::move(cell));
    }
  }
  return map;
}

}  // namespace nt
