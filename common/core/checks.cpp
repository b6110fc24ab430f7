#include <sys/stat.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "check/catch.hpp"
#include "core/array.hpp"
#include "core/backend.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "core/random.hpp"
#include "core/shape.hpp"

using nt::HostArray;
using nt::Index;
using nt::Random;
using nt::Shape;

TEST_CASE("a shape counts its elements, one for rank 0", "[core][shape]") {
  CHECK(Shape{}.count() == 1);
  CHECK(Shape{2, 3, 4}.count() == 24);
  CHECK(Shape{5, 0, 2}.count() == 0);
  CHECK(Shape{2, 3}.text() == "(2, 3)");
  CHECK(Shape{}.text() == "()");
}

TEST_CASE("a shape with a negative size or too many elements is refused", "[core][shape]") {
  CHECK_THROWS_WITH((Shape{2, -1}), "shape: negative size: (2, -1)");
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  CHECK_THROWS_WITH((Shape{kHuge, 2}),
                    "shape: too many elements to count: (4611686018427387904, 2)");
  CHECK_THROWS_AS((Shape{kHuge, 0, 2}), nt::ShapeError);  // not even when another size is 0
}

TEST_CASE("ravel and unravel are inverse, row by row", "[core][shape]") {
  const Shape shape{2, 3, 4};
  CHECK(nt::unravel(0, shape) == Index{0, 0, 0});
  CHECK(nt::unravel(23, shape) == Index{1, 2, 3});
  CHECK(nt::ravel({1, 0, 2}, shape) == 14);  // 1 * 12 + 0 * 4 + 2
  for (std::int64_t i = 0; i < shape.count(); ++i)
    CHECK(nt::ravel(nt::unravel(i, shape), shape) == i);
  CHECK(nt::text(Index{1, 2}) == "[1, 2]");
}

TEST_CASE("random bits are the published SplitMix64's", "[core][random]") {
  // The reference implementation (https://prng.di.unimi.it/splitmix64.c) from state 1234567.
  Random random(1234567);
  CHECK(random.next() == 6457827717110365317U);
  CHECK(random.next() == 3203168211198807973U);
  CHECK(random.next() == 9817491932198370423U);
}

TEST_CASE("a saved state goes on where it stood", "[core][random]") {
  Random random(7);
  random.normal();
  Random resumed(random.state());
  CHECK(resumed.next() == random.next());
}

TEST_CASE("below is even over its range and never reaches the bound", "[core][random]") {
  Random random(3);
  std::vector<int> counts(7);
  constexpr int kDraws = 70000;
  for (int i = 0; i < kDraws; ++i) ++counts.at(random.below(7));
  // A count has mean 10000 and deviation sqrt(70000 * 1/7 * 6/7) = 93; 5 deviations are 463.
  for (const int count : counts) CHECK(std::abs(count - kDraws / 7) < 463);
}

TEST_CASE("uniform lies in [0, 1) with the right mean", "[core][random]") {
  Random random(5);
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const float value = random.uniform();
    REQUIRE((value >= 0 && value < 1));
    sum += static_cast<double>(value);
  }
  CHECK(std::abs(sum / 100000 - 0.5) < 0.0046);  // 5 deviations: 5 / sqrt(12 * 100000)
}

TEST_CASE("normal has the normal distribution's moments and tails", "[core][random]") {
  Random random(11);
  constexpr int kDraws = 200000;
  double sum = 0;
  double squares = 0;
  double fourths = 0;
  int beyond_two = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = static_cast<double>(random.normal());
    sum += x;
    squares += x * x;
    fourths += x * x * x * x;
    beyond_two += std::abs(x) > 2;
  }
  // Limits are 5 deviations of each mean: sqrt(1/n), sqrt(2/n), sqrt(96/n), sqrt(p(1-p)/n).
  CHECK(std::abs(sum / kDraws) < 0.0112);
  CHECK(std::abs(squares / kDraws - 1) < 0.0159);
  CHECK(std::abs(fourths / kDraws - 3) < 0.11);
  CHECK(std::abs(beyond_two / static_cast<double>(kDraws) - 0.0455) < 0.0024);
}

TEST_CASE("arrays are drawn row by row from the same numbers", "[core][random]") {
  Random random(5);
  Random again(5);
  CHECK(nt::filled({2, 3}).values == std::vector<float>(6, 0));
  CHECK(nt::filled({2}, 1.5F).values == std::vector<float>{1.5F, 1.5F});
  const HostArray gaussian = nt::normal({2, 3}, random);
  CHECK(gaussian.shape == Shape{2, 3});
  for (const float value : gaussian.values) CHECK(value == again.normal());
  const HostArray even = nt::uniform({3}, 0.5F, random);
  for (const float value : even.values) CHECK(value == again.uniform() - 0.5F);
}

TEST_CASE("a permutation holds every number once", "[core][random]") {
  Random random(2);
  std::vector<std::int64_t> order = random.permutation(100);
  CHECK_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  for (std::int64_t i = 0; i < 100; ++i) CHECK(order[static_cast<std::size_t>(i)] == i);
  CHECK(random.permutation(0).empty());
}

TEST_CASE("backends have names and are found by them", "[core][backend]") {
  for (const nt::Backend backend : nt::kBackends) {
    CHECK(nt::parse_backend("test", nt::name(backend)) == backend);
  }
  CHECK_THROWS_WITH(nt::parse_backend("test", "cuda"),
                    "test: unknown backend 'cuda': expected eigen, naive or fast");
}

TEST_CASE("a file is replaced whole, and read back as it was written", "[core][files]") {
  const auto folder = std::filesystem::temp_directory_path() / "nt_core_files";
  std::filesystem::create_directory(folder);
  const std::string content("a\0b\n", 4);
  nt::write_file(folder / "x", "old");
  nt::write_file(folder / "x", content);
  CHECK(nt::read_file(folder / "x") == content);
  const auto entries = std::filesystem::directory_iterator(folder);
  CHECK(std::distance(begin(entries), end(entries)) == 1);  // nothing temporary is left
  std::filesystem::remove_all(folder);
}

TEST_CASE("a file that cannot be read or written is named with the reason", "[core][files]") {
  CHECK_THROWS_WITH(nt::read_file("/nowhere/x"),
                    "/nowhere/x: cannot be opened: No such file or directory");
  CHECK_THROWS_WITH(nt::read_file("/proc"), "/proc: cannot be read: Is a directory");
  CHECK_THROWS_WITH(nt::write_file("/nowhere/x", "a"),
                    "/nowhere/x: cannot be written: No such file or directory");
  CHECK_THROWS_WITH(nt::write_file("/proc", "a"), "/proc: is a directory");
  CHECK_THROWS_WITH(nt::write_file("/dev/full", "a"),
                    "/dev/full: cannot be written: No space left on device");
}

TEST_CASE("a path below the project is shown as typed from its root", "[core][paths]") {
  CHECK(nt::shown(nt::project_root() / "data/digits") == "data/digits");
  CHECK(nt::shown("/elsewhere/x") == "/elsewhere/x");
}

TEST_CASE("an empty handle says so when it is asked for data", "[core][array]") {
  CHECK_FALSE(nt::Array{});
  CHECK_THROWS_WITH(nt::Array{}.shape(), "array: an empty handle refers to no data");
  CHECK_THROWS_WITH(nt::Array{}.backend(), "array: an empty handle refers to no data");
  CHECK_THROWS_WITH(nt::Array{}.host(), "array: an empty handle refers to no data");
}
