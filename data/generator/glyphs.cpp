#include "generator/glyphs.hpp"

#include <array>

namespace nt {
namespace {

constexpr GridPoint corner(int x, int y) { return {x, y, true}; }

// The tables keep their own layout: a stroke on a line, or on two.
// clang-format off

std::vector<Glyph> zero() {
  return {
      // a round ring
      {{{52, 2}, {24, 12}, {8, 45}, {18, 82}, {48, 98}, {80, 84}, {92, 48}, {78, 14}, {52, 2}}},
      // a narrow ring
      {{{50, 1}, {30, 14}, {20, 50}, {30, 88}, {52, 99}, {72, 84}, {80, 48}, {70, 12}, {50, 1}}},
      // begun at the upper right, its end crosses the beginning
      {{{74, 14}, {48, 3}, {20, 22}, {10, 58}, {26, 92}, {58, 96}, {84, 70}, {84, 32}, {62, 8},
        {38, 10}}},
      // not quite closed
      {{{38, 6}, {14, 34}, {12, 68}, {34, 96}, {68, 92}, {88, 60}, {82, 24}, {58, 6}}},
  };
}

std::vector<Glyph> one() {
  return {
      // one stroke
      {{{50, 0}, {50, 50}, {50, 100}}},
      // one stroke, bowed
      {{{54, 0}, {48, 48}, {50, 100}}},
      // with a serif
      {{{30, 24}, corner(54, 0), {52, 50}, {52, 100}}},
      // with a serif and a foot
      {{{30, 22}, corner(52, 0), {52, 50}, {52, 97}},
       {{26, 98}, {52, 97}, {78, 98}}},
  };
}

std::vector<Glyph> two() {
  return {
      // a sharp foot
      {{{12, 26}, {28, 6}, {56, 2}, {80, 20}, {72, 46}, {42, 74}, corner(8, 97), {48, 94},
        {92, 96}}},
      // a loop at the foot
      {{{14, 22}, {36, 4}, {66, 6}, {78, 28}, {64, 56}, {36, 84}, {12, 94}, {8, 80}, {28, 74},
        {58, 90}, {94, 92}}},
      // a wide bow, a wavy foot
      {{{10, 34}, {22, 10}, {50, 0}, {82, 14}, {84, 40}, {56, 68}, corner(14, 92), {36, 86},
        {64, 97}, {94, 88}}},
      // a flat back, nearly a z
      {{{14, 12}, {44, 4}, {76, 8}, {74, 32}, {44, 66}, corner(12, 98), {50, 97}, {88, 98}}},
  };
}

std::vector<Glyph> three() {
  return {
      // two round bows that meet in a point
      {{{14, 16}, {44, 1}, {76, 12}, {74, 36}, corner(40, 48), {76, 56}, {88, 76}, {62, 96},
        {30, 98}, {8, 84}}},
      // a small loop between the bows
      {{{18, 12}, {50, 0}, {78, 16}, {66, 40}, {42, 50}, {38, 44}, {54, 44}, {84, 62}, {78, 90},
        {44, 100}, {10, 88}}},
      // a flat top
      {{{16, 4}, {46, 3}, corner(82, 3), {62, 22}, corner(44, 42), {76, 50}, {86, 74}, {62, 96},
        {28, 98}, {10, 88}}},
      // a small upper bow
      {{{24, 12}, {48, 2}, {66, 14}, {62, 32}, corner(38, 42), {72, 46}, {90, 70}, {70, 94},
        {36, 99}, {8, 90}}},
  };
}

std::vector<Glyph> four() {
  return {
      // open: an angle and a stem
      {{{24, 4}, {18, 32}, corner(10, 60), {48, 58}, {92, 58}},
       {{72, 6}, {68, 52}, {64, 99}}},
      // open: the left side round
      {{{18, 6}, {12, 34}, {22, 56}, {50, 58}, {80, 48}},
       {{84, 2}, {80, 48}, {74, 99}}},
      // closed: down, across, and the stem from the top
      {{{66, 1}, {38, 34}, corner(8, 68), {50, 66}, {94, 66}},
       {{66, 1}, {66, 50}, {66, 99}}},
      // closed at the top by a slanting stem, in one go
      {{{84, 50}, {50, 62}, corner(12, 60), {40, 30}, corner(74, 2), {68, 50}, {60, 99}}},
  };
}

std::vector<Glyph> five() {
  return {
      // the bar drawn last
      {{{28, 6}, {24, 24}, corner(20, 44), {50, 38}, {82, 54}, {82, 82}, {50, 98}, {12, 90}},
       {{28, 5}, {56, 6}, {88, 2}}},
      // in one go from the upper right
      {{{86, 4}, {56, 3}, corner(26, 5), {22, 26}, corner(18, 46), {52, 40}, {84, 58}, {78, 86},
        {46, 99}, {10, 88}}},
      // all round, like an s
      {{{82, 6}, {52, 4}, {28, 14}, {24, 34}, {52, 48}, {80, 64}, {74, 90}, {42, 99}, {12, 90}}},
      // a long slanting neck, a small bow
      {{{90, 2}, {62, 4}, corner(38, 8), {30, 32}, corner(26, 52), {54, 50}, {70, 68}, {56, 92},
        {28, 99}, {6, 92}}},
  };
}

std::vector<Glyph> six() {
  return {
      // a straight back, a round loop
      {{{70, 1}, {40, 28}, {18, 64}, {28, 94}, {60, 98}, {82, 78}, {68, 56}, {40, 60}, {20, 78}}},
      // a curled top
      {{{80, 14}, {58, 2}, {30, 22}, {14, 58}, {22, 90}, {54, 99}, {82, 84}, {78, 60}, {48, 52},
        {18, 68}}},
      // a steep back, a small low loop
      {{{40, 0}, {26, 34}, {20, 72}, {36, 98}, {66, 96}, {78, 76}, {60, 62}, {36, 70}, {24, 86}}},
      // the loop's end runs on inside
      {{{64, 2}, {36, 20}, {16, 56}, {22, 88}, {50, 99}, {80, 86}, {80, 62}, {54, 52}, {30, 66},
        {34, 82}}},
  };
}

std::vector<Glyph> seven() {
  return {
      // plain
      {{{10, 8}, {46, 6}, corner(88, 4), {66, 40}, {50, 70}, {42, 99}}},
      // with a bar
      {{{12, 6}, {48, 5}, corner(88, 4), {68, 38}, {52, 70}, {40, 99}},
       {{34, 52}, {58, 50}, {84, 50}}},
      // with a serif, the stem bowed
      {{{12, 24}, corner(14, 6), {48, 10}, corner(86, 2), {70, 28}, {58, 60}, {56, 99}}},
      // a round shoulder
      {{{8, 18}, {28, 4}, {62, 6}, {84, 14}, {74, 44}, {56, 72}, {48, 99}}},
  };
}

std::vector<Glyph> eight() {
  return {
      // in one go from the upper right
      {{{78, 14}, {50, 1}, {22, 16}, {34, 40}, {66, 56}, {84, 80}, {54, 99}, {18, 84}, {30, 58},
        {62, 40}, {80, 18}}},
      // one ring upon another
      {{{50, 1}, {26, 10}, {26, 36}, {50, 46}, {74, 36}, {74, 12}, {50, 1}},
       {{50, 46}, {22, 58}, {18, 84}, {50, 99}, {80, 84}, {78, 58}, {50, 46}}},
      // the top left open, a large head
      {{{84, 8}, {48, 2}, {18, 22}, {34, 48}, {66, 66}, {76, 86}, {48, 99}, {22, 88}, {32, 70},
        {62, 48}, {76, 26}}},
      // a narrow waist, a small head
      {{{60, 4}, {40, 4}, {34, 18}, {48, 34}, {76, 60}, {78, 88}, {46, 100}, {18, 86}, {24, 58},
        {52, 34}, {66, 18}, {60, 4}}},
  };
}

std::vector<Glyph> nine() {
  return {
      // a ring and a straight stem
      {{{80, 14}, {50, 2}, {22, 18}, {22, 44}, {48, 52}, {72, 38}, corner(82, 10), {78, 54},
        {74, 99}}},
      // the stem curls to the left
      {{{78, 20}, {54, 2}, {24, 14}, {18, 40}, {44, 52}, {70, 38}, corner(80, 14), {82, 52},
        {72, 88}, {46, 99}, {20, 88}}},
      // a round head, the stem slanting away
      {{{76, 30}, {62, 6}, {32, 8}, {20, 32}, {42, 50}, {68, 40}, {78, 24}, {66, 64}, {46, 100}}},
      // a small head left open
      {{{68, 8}, {40, 8}, {26, 30}, {42, 46}, {66, 38}, corner(76, 6), {74, 50}, {72, 99}}},
  };
}

// clang-format on

}  // namespace

const std::vector<Glyph>& variants(int digit) {
  static const std::array<std::vector<Glyph>, 10> kVariants = {
      zero(), one(), two(), three(), four(), five(), six(), seven(), eight(), nine()};
  return kVariants[static_cast<std::size_t>(digit)];
}

}  // namespace nt
