// draw_digits: makes a data set of handwritten-looking digits from a seed, in the files of MNIST.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "core/errors.hpp"
#include "generator/digits.hpp"
#include "generator/idx.hpp"
#include "generator/sheet.hpp"

namespace {

struct Options {
  int train = 2000;
  int test = 1000;
  std::int64_t seed = 1;
  std::string output;
  std::string sheet;
};

void draw(const Options& options) {
  const auto seed = static_cast<std::uint64_t>(options.seed);
  const nt::Digits train = nt::make_digits(seed, nt::DigitSet::train, options.train);
  const nt::Digits test = nt::make_digits(seed, nt::DigitSet::test, options.test);
  nt::write_data_set(options.output, train, test);
  fmt::print("draw_digits: {} train and {} test digits from seed {} in {}\n", options.train,
             options.test, options.seed, options.output);
  if (options.sheet.empty()) return;
  nt::write_sheet(options.sheet, train);
  fmt::print("draw_digits: contact sheet in {}\n", options.sheet);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Draws handwritten-looking digits in the files of MNIST.", "draw_digits");
  const CLI::Range counts(1, 1'000'000);
  app.add_option("--train", options.train, "digits to train on")
      ->check(counts)
      ->capture_default_str();
  app.add_option("--test", options.test, "digits to test on")->check(counts)->capture_default_str();
  app.add_option("--seed", options.seed, "another seed, other digits")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
      ->capture_default_str();
  app.add_option("--output", options.output, "folder to write to")->required();
  app.add_option("--sheet", options.sheet, "PGM picture to show the first digits in");
  try {
    app.parse(argc, argv);
    draw(options);
    return 0;
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "draw_digits: {}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "draw_digits: {}\n", error.what());
    return 1;
  }
}
