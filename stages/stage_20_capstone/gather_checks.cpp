// What the program is told, what it gathers, and the proofs that it owes of the page.

#include <CLI/CLI.hpp>

#include "capstone_options.hpp"
#include "capstone_page.hpp"
#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/paths.hpp"
#include "core/scratch_folder.hpp"
#include "gather.hpp"
#include "gathered.hpp"
#include "install_fast.hpp"
#include "page_proofs.hpp"

namespace nt {
namespace {

CapstoneOptions parsed(std::vector<const char*> line) {
  CLI::App app;
  CapstoneOptions options;
  add_capstone_options(app, options);
  line.insert(line.begin(), "program");
  app.parse(static_cast<int>(line.size()), line.data());
  return options;
}

TEST_CASE("the page and the reports are in out/ unless a place is given", "[stage_20]") {
  CHECK(parsed({}).page_path() == project_root() / "out/20_capstone.html");
  CHECK(parsed({}).proofs_folder() == project_root() / "out/proofs");
  const ScratchFolder folder;
  const std::string page = folder.path() / "mine.html";
  const CapstoneOptions asked =
      parsed({"--page", page.c_str(), "--proofs", folder.path().c_str(), "--quiz", "7"});
  CHECK(asked.page_path() == page);
  CHECK(asked.proofs_folder() == folder.path());
  CHECK(asked.quiz == 7);
}

TEST_CASE("a command line that makes no sense is refused before any work", "[stage_20]") {
  CHECK_THROWS_AS(parsed({"--page", "/nowhere/x.html"}), UsageError);
  CHECK_THROWS_WITH(parsed({"--page", "/nowhere/x.html"}), "--page: no such folder: /nowhere");
  for (const std::vector<const char*>& line :
       std::vector<std::vector<const char*>>{{"--proofs", "/nowhere"},
                                             {"--quiz", "-1"},
                                             {"--quiz", "1001"},
                                             {"--seconds", "9"},  // of what, without --prove-all
                                             {"--prove-all", "--seconds", "0"},
                                             {"--replay", "--weights", "x.json"}}) {
    CAPTURE(line[0]);
    CHECK_THROWS_AS(parsed(line), CLI::ParseError);
  }
}

TEST_CASE("what is gathered fits together, and is near PyTorch on every backend", "[stage_20]") {
  install_fast();
  const Baseline baseline = load_baseline("digits");
  const ImageSet test = first(read_image_sets("digits").test, 40);
  for (const Backend backend : {Backend::naive, Backend::eigen, Backend::fast}) {
    set_backend(backend);
    const TrainedModel trained{
        with_weights({}, baseline.frozen.group("adamw/weights.0/")), "a check", {}};
    const Capstone capstone = gather(trained, test, baseline, gathered().curves);
    CHECK(capstone.data == "digits");
    CHECK(capstone.origin == "a check");
    CHECK(capstone.weights == 38'346);  // 64 * 16 + 64 + 49 * 64 + 33 472 of the block + 650
    CHECK(capstone.curves.pytorch == gathered().curves.pytorch);
    CHECK(capstone.mistakes == surest_mistakes(capstone.reading, test.labels));
    const std::int64_t wrong = 40 - capstone.reading.right();
    CHECK(wrong > 0);
    CHECK(capstone.heard.shape == Shape{wrong, 4, 49});
    // The limits of stage 10, whose arrays these are.
    CHECK(capstone.initial.activations.size() == 12);
    CHECK(Parity::largest(capstone.initial.activations) < 1e-5);
    CHECK(capstone.trained.gradients.size() == 17);
    CHECK(Parity::largest(capstone.initial.gradients) < 1e-6);
    CHECK(Parity::largest(capstone.trained.gradients) < 1e-6);
  }
}

TEST_CASE("a page that names the mistakes of its matrix has none of its own", "[stage_20]") {
  const Capstone capstone = gathered();
  const std::string page = capstone_page(capstone);
  CHECK(misnamed(page, capstone) == 0);
  CHECK(misnamed("", capstone) == 2);           // both are missing
  CHECK(misnamed(page + page, capstone) == 2);  // both are there twice
  const std::string right = R"(data-image="0" data-label="0" data-read="0")";
  CHECK(misnamed(page + right, capstone) == 1);  // no mistake at all
  const std::string other = R"(data-image="2" data-label="4" data-read="9")";
  CHECK(misnamed(page + other, capstone) == 2);  // a mistake too many, of an image that has none

  Capstone exchanged = capstone;
  std::swap(exchanged.test.labels[1], exchanged.reading.read[1]);  // a 9 read as 4
  CHECK(misnamed(page, exchanged) == 1);
}

TEST_CASE("a tick without proofs that all hold is counted", "[stage_20]") {
  Capstone capstone = gathered();
  const std::string page = capstone_page(capstone);
  CHECK(unfounded_ticks(page, capstone) == 0);
  CHECK(unfounded_ticks(page + "<li class=\"ticked\" data-stage=\"2\">", capstone) == 1);
  CHECK(unfounded_ticks(page + "<li class=\"ticked\" data-stage=\"3\">", capstone) == 1);
  capstone.proved[1].hold = 2;
  CHECK(unfounded_ticks(page, capstone) == 1);
}

/// The proofs of a page that do not hold.
std::vector<std::string> failing(const std::string& page, const Capstone& capstone) {
  Proofs proofs("a check");
  prove_page(page, capstone, proofs);
  CHECK(proofs.all().size() == 3);
  std::vector<std::string> names;
  for (const Proof& proof : proofs.all()) {
    if (!proof.holds()) names.push_back(proof.name);
  }
  return names;
}

TEST_CASE("the proofs of a page can fail", "[stage_20]") {
  const Capstone capstone = gathered();
  const std::string page = capstone_page(capstone);
  CHECK(failing(page, capstone).empty());
  CHECK(failing("", capstone) ==
        std::vector<std::string>{"mistakes that the page names, and the matrix"});
  CHECK(failing(page + "<li class=\"ticked\" data-stage=\"2\">", capstone) ==
        std::vector<std::string>{"ticks without a report of proofs that hold"});
}

}  // namespace
}  // namespace nt
