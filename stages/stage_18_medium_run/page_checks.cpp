// What a report is made of: texts, tables, pictures, a page.

#include "check/catch.hpp"
#include "heat_map.hpp"
#include "markup.hpp"
#include "page_document.hpp"
#include "well_formed.hpp"

namespace nt {
namespace {

TEST_CASE("what means something in HTML is written by its name", "[stage_18]") {
  CHECK(html_text("a < b && c > \"d\"") == "a &lt; b &amp;&amp; c &gt; &quot;d&quot;");
  CHECK(html_text("&lt;") == "&amp;lt;");
  CHECK(html_text("größer 3 %") == "größer 3 %");
  CHECK(html_text("").empty());
}

TEST_CASE("a page needs nothing from elsewhere, and its tags fit", "[stage_18]") {
  const std::string page = html_page("1 < 2", "<p>text</p>\n");
  CHECK(page.starts_with("<!DOCTYPE html>\n"));
  CHECK(first_stray_tag(page).empty());
  CHECK(count_of("<title>1 &lt; 2</title>", page) == 1);
  CHECK(count_of("<body>\n<p>text</p>\n</body>", page) == 1);
  CHECK(count_of("width=device-width", page) == 1);
  CHECK(count_of("prefers-color-scheme: dark", page) == 1);
  for (const char* elsewhere : {"http", "src=", "<script", "url(", "@import"}) {
    CAPTURE(elsewhere);
    CHECK(count_of(elsewhere, page) == 0);
  }
}

TEST_CASE("a tag that does not fit is noticed", "[stage_18]") {
  CHECK(first_stray_tag("<p>a<br/></p>").empty());
  CHECK(first_stray_tag("<p>a<br></p>") == "/p");
  CHECK(first_stray_tag("<p>a") == "p");
  CHECK(first_stray_tag("a</p>") == "/p");
}

Document example() {
  return {"1 < 2",
          {Paragraph{"all & everything"}, Heading{"a | b"},
           DataTable{{"name", "a|b"}, {{"x", "1 < 2"}, {"y|z", ""}}},
           Figure{"below <it>", "<svg></svg>\n", "***\n"},
           Figure{"no characters", "<svg></svg>\n", ""}}};
}

TEST_CASE("a document in Markdown", "[stage_18]") {
  CHECK(markdown_of(example()) ==
        "# 1 < 2\n\n"
        "all & everything\n\n"
        "## a | b\n\n"
        "| name | a\\|b |\n"
        "|---|---:|\n"
        "| x | 1 < 2 |\n"
        "| y\\|z |  |\n\n"
        "```\n***\n```\n\n"
        "below <it>\n\n");
}

TEST_CASE("a document in the terminal", "[stage_18]") {
  CHECK(text_of(example()) ==
        "all & everything\n\n"
        "a | b\n\n"
        "name    a|b\n"
        "-----------\n"
        "x     1 < 2\n"
        "y|z\n\n"
        "***\n\n");
}

TEST_CASE("a document as a page", "[stage_18]") {
  const std::string page = html_of(example());
  CHECK(first_stray_tag(page).empty());
  CHECK(count_of("<h1>1 &lt; 2</h1>\n<p>all &amp; everything</p>\n<h2>a | b</h2>", page) == 1);
  CHECK(count_of("<tr><th>name</th><th>a|b</th></tr>\n"
                 "<tr><td>x</td><td>1 &lt; 2</td></tr>\n"
                 "<tr><td>y|z</td><td></td></tr>",
                 page) == 1);
  CHECK(count_of("<figure>\n<svg></svg>\n<figcaption>below &lt;it&gt;</figcaption>\n</figure>",
                 page) == 1);
  CHECK(count_of("<figure>", page) == 2);
}

TEST_CASE("a heat map has a square for each cell, coloured where there is something to see",
          "[stage_18]") {
  const HeatMap map{.title = "t",
                    .rows = "down",
                    .columns = "across",
                    .row_names = {"r"},
                    .column_names = {"a", "b", "c"},
                    .cells = {{"7", Tone::right, 0.5}, {"<2>", Tone::wrong, 1}, {}}};
  const std::string svg = heat_map(map);
  CHECK(first_stray_tag(svg).empty());
  CHECK(count_of("class=\"cell\"", svg) == 3);
  CHECK(count_of("class=\"right\" x=\"52\" y=\"48\" width=\"36\" height=\"32\" "
                 "fill-opacity=\"0.50\"",
                 svg) == 1);
  CHECK(count_of("class=\"wrong\" x=\"88\"", svg) == 1);
  CHECK(count_of(">7</text>", svg) == 1);
  CHECK(count_of(">&lt;2&gt;</text>", svg) == 1);
  CHECK(count_of("</text>", svg) == 8);  // two cells, two axes, four names
}

TEST_CASE("right answers are as strong as their share of the class, mistakes of the worst",
          "[stage_18][18.2]") {
  const HeatMap map = heat_map_of({2, {6, 2, 4, 0}});
  REQUIRE(map.cells.size() == 4);
  CHECK(map.cells[0].strength == 0.75);
  CHECK(map.cells[1].strength == 0.5);
  CHECK(map.cells[2].strength == 1);
  CHECK(map.cells[3].strength == 0);
  CHECK(map.cells[0].tone == Tone::right);
  CHECK(map.cells[1].tone == Tone::wrong);
  CHECK(map.cells[2].text == "4");
  CHECK(map.cells[3].text.empty());
  CHECK(map.row_names == std::vector<std::string>{"0", "1"});
  CHECK(heat_map_of({1, {5}}).cells[0].strength == 1);  // nothing is wrong
}

}  // namespace
}  // namespace nt
