#pragma once
// A matrix with its numbers in coloured squares, as an SVG element. Like line_chart it leaves the
// colours to the page's style.

#include <string>
#include <vector>

#include "confusion.hpp"

namespace nt {

/// The colour of a square: each has a class of its own in the page's style.
enum class Tone { right, wrong };

struct HeatCell {
  std::string text;
  Tone tone = Tone::right;
  double strength = 0;  ///< how much of its colour it has, from 0 (none) to 1 (all)
};

struct HeatMap {
  std::string title;    ///< read aloud in place of the picture
  std::string rows;     ///< what the rows are
  std::string columns;  ///< what the columns are
  std::vector<std::string> row_names;
  std::vector<std::string> column_names;
  std::vector<HeatCell> cells;  ///< row by row
};

/// The map as an <svg> element, its squares 36 x 32, that takes the width there is.
std::string heat_map(const HeatMap& map);

/// A confusion matrix as such a map. Right answers are as strong as their share of the images of
/// their class, mistakes as their share of the largest cell beside the diagonal, since next to the
/// diagonal none would be seen; a cell of 0 is empty.
HeatMap heat_map_of(const ConfusionMatrix& matrix);

}  // namespace nt
