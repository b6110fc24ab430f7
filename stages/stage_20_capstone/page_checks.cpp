// The page: what it says, and what can be read back from it.

#include "capstone_page.hpp"
#include "check/catch.hpp"
#include "gathered.hpp"
#include "page_tables.hpp"
#include "well_formed.hpp"

namespace nt {
namespace {

TEST_CASE("the page needs nothing from elsewhere, and its tags fit", "[stage_20]") {
  const std::string page = capstone_page(gathered());
  CHECK(first_stray_tag(page).empty());
  for (const char* elsewhere : {"http", "<script", "<link", "url(", "@import"}) {
    CAPTURE(elsewhere);
    CHECK(count_of(elsewhere, page) == 0);
  }
  CHECK(count_of("<img", page) == 7);  // five digits, two mistakes
  CHECK(count_of("src=\"data:image/png;base64,", page) == count_of("src=", page));
  CHECK(count_of("alt=\"a handwritten ", page) == count_of("<img", page));
}

TEST_CASE("the page has a section for all that was gathered, and a way to it", "[stage_20]") {
  const std::string page = capstone_page(gathered());
  for (const std::string id :
       {"curve", "digits", "mistakes", "matrix", "ladder", "parity", "roadmap"}) {
    CAPTURE(id);
    CHECK(count_of("<section id=\"" + id + "\" aria-labelledby=\"" + id + "-heading\">", page) ==
          1);
    CHECK(count_of("<h2 id=\"" + id + "-heading\">", page) == 1);
    CHECK(count_of("<a href=\"#" + id + "\">", page) == 1);
  }
}

TEST_CASE("the page begins with what matters most", "[stage_20]") {
  const std::string page = capstone_page(gathered());
  CHECK(count_of("<strong>60.0 %</strong>of 5 test digits", page) == 1);
  CHECK(count_of("<strong>1\u202f234\u202f567</strong>numbers in the model", page) == 1);
  CHECK(count_of("Its weights: a &lt;file&gt;.", page) == 1);
  CHECK(count_of("<strong>2.5·10<sup>-1</sup></strong>", page) == 1);  // |1.5 - 1.25|
  CHECK(count_of("<strong>5</strong>proofs hold, in one stage", page) == 1);
  CHECK(count_of("60.0 % after epoch 1 (PyTorch 40.0 %)", page) == 1);
}

TEST_CASE("the mistakes that the page names can be read back, the surest first", "[stage_20]") {
  const std::vector<NamedMistake> expected{{4, 7, 1}, {1, 4, 9}};
  CHECK(mistakes_on(capstone_page(gathered())) == expected);
}

TEST_CASE("a mistake without a picture is named all the same", "[stage_20]") {
  Capstone capstone = gathered();
  capstone.heard = filled({1, 4, 49}, 1.0F / 49);
  const std::string page = capstone_page(capstone);
  CHECK(mistakes_on(page).size() == 2);
  CHECK(count_of("<figure data-image", page) == 1);
  CHECK(count_of("<li data-image=\"1\" data-label=\"4\" data-read=\"9\">a 4 read as 9, 50 % sure",
                 page) == 1);
  CHECK(first_stray_tag(page).empty());
}

TEST_CASE("a model without mistakes has a page too", "[stage_20]") {
  Capstone capstone = gathered();
  capstone.reading.read = capstone.test.labels;
  capstone.reading.confusion = confusion_of(capstone.reading.read, capstone.test.labels, 10);
  capstone.mistakes.clear();
  capstone.heard = {};
  const std::string page = capstone_page(capstone);
  CHECK(mistakes_on(page).empty());
  CHECK(count_of("favourite", page) == 0);
  CHECK(first_stray_tag(page).empty());
}

TEST_CASE("a stage is ticked where it has proved something, and all of it holds", "[stage_20]") {
  Capstone capstone = gathered();
  const std::string page = capstone_page(capstone);
  CHECK(ticks_on(page) == std::vector<int>{1});
  CHECK(count_of(">3 proofs hold<", page) == 1);
  CHECK(count_of(">1 of 3 proofs fail<", page) == 1);
  CHECK(count_of(">not proved here yet<", page) == 1);
  CHECK(count_of("Ticks: 1 of 3.", page) == 1);
  capstone.proved = {{2, {1, 1}}, {3, {0, 0}}};
  CHECK(ticks_on(capstone_page(capstone)) == std::vector<int>{2});
}

TEST_CASE("the roadmap's words are text, and code between backticks", "[stage_20]") {
  CHECK(count_of("<strong>1 tensor</strong>: <code>Tensor</code> &amp; a &lt; b",
                 roadmap_list(gathered())) == 1);
}

TEST_CASE("the ladder has a bar for everybody who took part", "[stage_20]") {
  const std::string table = ladder_table_html(gathered().race);
  CHECK(count_of("<tr class=\"rung\"><th scope=\"row\">naive<span style=\"width: 25.0%\"></span>"
                 "</th><td>2.0</td><td>25 %</td></tr>",
                 table) == 1);
  CHECK(count_of("peak, 2 threads<span style=\"width: 100.0%\">", table) == 1);
  CHECK(count_of("OpenBLAS", table) == 0);  // which is not installed
}

TEST_CASE("a small number is written with a power of ten", "[stage_20]") {
  CHECK(small_number(1.34e-6) == "1.3·10<sup>-6</sup>");
  CHECK(small_number(2.5e-10) == "2.5·10<sup>-10</sup>");
  CHECK(small_number(0) == "0");
  CHECK(small_number(std::numeric_limits<double>::infinity()) == "inf");
}

}  // namespace
}  // namespace nt
