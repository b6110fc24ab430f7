#include <cmath>

#include <cstdlib>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "terminal/curve.hpp"
#include "terminal/digit.hpp"
#include "terminal/progress.hpp"
#include "terminal/style.hpp"
#include "terminal/table.hpp"

TEST_CASE("a table aligns its columns, by characters and not by bytes", "[terminal]") {
  nt::Table table({"name", "count"});
  table.add({"naïve", "7"});
  table.add({"a"});
  CHECK(table.text() ==
        "name   count\n"
        "------------\n"
        "naïve      7\n"
        "a\n");
}

TEST_CASE("a picture is drawn two rows to a line, dark to bright", "[terminal]") {
  ::setenv("NO_COLOR", "1", 1);
  const nt::HostArray pixels{{4, 2}, {0, 1, 0, 1, 0.5F, 2, 0.5F, 2}};
  CHECK(nt::draw({{pixels, "x"}}, 0, 1) == " @  \n+@  \nx   \n");
}

TEST_CASE("pictures of different shapes are refused", "[terminal]") {
  const nt::HostArray small{{1, 1}, {0}};
  const nt::HostArray large{{1, 2}, {0, 0}};
  CHECK_THROWS_WITH(nt::draw({{small, ""}, {large, ""}}, 0, 1),
                    "draw: pictures must be of one shape (height, width): one is (1, 2)");
}

TEST_CASE("curves that agree are one, curves that part are two", "[terminal]") {
  const std::vector<float> falling{3, 2, 1};
  const std::string one = nt::draw({"a", falling}, {"b", falling}, 3, 3);
  CHECK(one.substr(0, one.find("         +")) ==
        "   3.000 |*  \n"
        "   2.000 | * \n"
        "   1.000 |  *\n");
  const std::string two = nt::draw({"a", falling}, {"b", {3, 2, 3}}, 3, 3);
  CHECK(two.substr(0, two.find("         +")) ==
        "   3.000 |* +\n"
        "   2.000 | * \n"
        "   1.000 |  o\n");
}

TEST_CASE("a loss that is no number leaves its place in the curve empty", "[terminal]") {
  const std::string gone = nt::draw({"a", {3, std::nanf(""), INFINITY}}, {"b", {3, 2, 1}}, 3, 3);
  CHECK(gone.substr(0, gone.find("         +")) ==
        "   3.000 |*  \n"
        "   2.000 | + \n"
        "   1.000 |  +\n");
  CHECK_NOTHROW(nt::draw({"a", {std::nanf("")}}, {"b", {INFINITY}}, 3, 3));
}

TEST_CASE("a line of progress has bar, rate and time left, and fits into its width", "[terminal]") {
  const auto line = [](int width) {
    return nt::progress_line("training", 50, 200, 20, "loss 1.5", width);
  };
  CHECK(line(200) ==
        "training [=======                       ] 50/200  20.0/s  8 s left  loss 1.5");
  CHECK(line(58) == "training [===         ] 50/200  20.0/s  8 s left  loss 1.5");
  CHECK(line(46) == "training [] 50/200  20.0/s  8 s left  loss 1.5");
  CHECK(line(20) == "training [] 50/200  ");
  CHECK(nt::progress_line("training", 200, 200, 20, "", 200) ==
        "training [==============================] 200/200  20.0/s  0 s left  ");
}

TEST_CASE("a duration is told in the units that suit it", "[terminal]") {
  CHECK(nt::duration(0.4) == "0 s");
  CHECK(nt::duration(59.4) == "59 s");
  CHECK(nt::duration(59.6) == "1 min 00 s");
  CHECK(nt::duration(185) == "3 min 05 s");
  CHECK(nt::duration(2 * 3600 + 7 * 60 + 59) == "2 h 07 min");
  CHECK(nt::duration(INFINITY) == "?");
}
