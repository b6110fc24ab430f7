// The reference must not be trusted blindly either: what it reads, how it says that a file is
// wrong, and that its operations compute what a hand, PyTorch and finite differences compute.

#include <fmt/format.h>
#include <zlib.h>

#include <filesystem>

#include "baseline.hpp"
#include "by_hand/adamw.hpp"
#include "by_hand/tinyvit.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "core/scratch_folder.hpp"
#include "eigen/eigen_ops.hpp"
#include "sums.hpp"

namespace {

using nt::Array;
using nt::HostArray;
using nt::ScratchFolder;
using nt::Shape;

std::string bytes(const std::vector<int>& numbers) { return {numbers.begin(), numbers.end()}; }

/// An IDX file of one axis that promises `promised` labels and holds `labels`.
std::string idx_labels(int promised, const std::vector<int>& labels) {
  std::vector<int> content{0, 0, 8, 1, 0, 0, 0, promised};
  content.insert(content.end(), labels.begin(), labels.end());
  return bytes(content);
}

std::string gzipped(std::string raw) {
  std::string packed(raw.size() + 100, '\0');
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(raw.data());
  stream.avail_in = static_cast<uInt>(raw.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

nt::IdxBytes read_labels(const std::filesystem::path& path) {
  return nt::parse_idx(path, nt::inflate(path), 1);
}

Array on_eigen(const HostArray& values) { return nt::eigen::array(values); }

}  // namespace

TEST_CASE("an IDX file is read, gzipped or plain", "[reference][idx]") {
  const ScratchFolder folder;
  const auto labels = read_labels(folder.write("a.gz", gzipped(idx_labels(3, {7, 1, 2}))));
  CHECK(labels.shape == Shape{3});
  CHECK(labels.values == std::vector<std::uint8_t>{7, 1, 2});
  const auto plain = read_labels(folder.write("b", idx_labels(1, {9})));
  CHECK(plain.values == std::vector<std::uint8_t>{9});
}

TEST_CASE("a wrong IDX file is named with what is wrong", "[reference][idx]") {
  const ScratchFolder folder;
  const auto says = [&](const std::string& content, const std::string& reason) {
    const auto path = folder.write("x.gz", content);
    CHECK_THROWS_WITH(read_labels(path), path.string() + ": " + reason);
  };
  says("", "ends early: an IDX header has 8 bytes, found 0");
  says(gzipped(idx_labels(9, {7, 1})), "ends early: header promises 9 bytes, found 2");
  says(gzipped(idx_labels(1, {7, 1})), "goes on too long: header promises 1 bytes, found 2");
  says(bytes({0, 0, 8, 3, 0, 0, 0, 1, 9}),
       "not an IDX file of bytes with 1 axes: it should begin with 00 00 08 01, "
       "found 00 00 08 03");
  const std::string good = gzipped(idx_labels(3, {7, 1, 2}));
  says(good.substr(0, good.size() - 4), "ends early: its gzip checksum is missing");
  CHECK_THROWS_WITH(read_labels(folder.write("x.gz", good.substr(0, 12))),
                    nt::contains_text("x.gz: ends early: an IDX header has 8 bytes"));
}

TEST_CASE("a corrupt or missing IDX file is named with the reason", "[reference][idx]") {
  const ScratchFolder folder;
  std::string corrupt = gzipped(idx_labels(3, {7, 1, 2}));
  char& checksum = corrupt[corrupt.size() - 6];
  checksum = static_cast<char>(checksum ^ 1);
  CHECK_THROWS_WITH(read_labels(folder.write("x.gz", corrupt)),
                    nt::contains_text("x.gz: corrupt gzip: incorrect data check"));
  CHECK_THROWS_WITH(read_labels(folder.path() / "none.gz"),
                    nt::contains_text("none.gz: cannot be opened: No such file"));
}

TEST_CASE("a header that promises more than there can be allocates nothing", "[reference][idx]") {
  const ScratchFolder folder;
  std::vector<int> content{0, 0, 8, 3};
  content.insert(content.end(), 12, 255);
  const auto path = folder.write("huge", bytes(content));
  CHECK_THROWS_AS(nt::parse_idx(path, nt::inflate(path), 3), nt::Error);
}

TEST_CASE("content that is not what was published is named with both sums", "[reference][idx]") {
  const nt::DataFolder digits = nt::find_data("digits");
  const auto path = digits.path("t10k-labels-idx1-ubyte");
  const nt::RawBytes raw = nt::inflate(path);
  CHECK_NOTHROW(require_published(digits, "t10k-labels-idx1-ubyte", raw.bytes));
  CHECK_THROWS_WITH(require_published(digits, "train-labels-idx1-ubyte", raw.bytes),
                    nt::contains_text("data/digits/train-labels-idx1-ubyte.gz: not the published "
                                      "file: the SHA-256 of its content should be ") &&
                        nt::contains_text(", found " + nt::sha256(raw.bytes)));
}

TEST_CASE("a frozen file with another sum is refused", "[reference][frozen]") {
  const ScratchFolder folder;
  const auto path = folder.write("x.npz", "not what was frozen");
  folder.write("SHA256SUMS", fmt::format("{:0>64}  x.npz\n", 0));
  CHECK_THROWS_WITH(nt::Frozen::read(path),
                    nt::contains_text("x.npz: damaged: its SHA-256 should be 0000"));
  folder.write("SHA256SUMS", fmt::format("{}  x.npz\n", nt::sha256("not what was frozen")));
  CHECK_THROWS_WITH(nt::Frozen::read(path), nt::contains_text("x.npz: numpy cannot read it: "));
  folder.write("SHA256SUMS", "");
  CHECK_THROWS_WITH(nt::Frozen::read(path),
                    nt::contains_text("SHA256SUMS: lists no SHA-256 sum for 'x.npz'"));
}

TEST_CASE("sha256 is the published function", "[reference][frozen]") {
  // FIPS 180-4, the example "abc"
  CHECK(nt::sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("an array that is not frozen is named with its file", "[reference][frozen]") {
  const nt::Frozen frozen = nt::Frozen::open("operations");
  CHECK_THROWS_WITH(
      frozen.floats("softmax/z"),
      nt::contains_text("reference/frozen/operations.npz: holds no float array 'softmax/z'"));
}

TEST_CASE("Eigen's elementwise operations broadcast as worked by hand", "[reference][eigen]") {
  const Array column = on_eigen({{2, 1}, {10, 20}});
  const Array row = on_eigen({{3}, {1, 2, 4}});
  CHECK(nt::eigen::add(column, row).host().values == std::vector<float>{11, 12, 14, 21, 22, 24});
  CHECK(nt::eigen::divide(column, row).host().values == std::vector<float>{10, 5, 2.5, 20, 10, 5});
  CHECK(nt::eigen::subtract(row, column).shape() == Shape{2, 3});
}

TEST_CASE("Eigen's views and reductions are right as worked by hand", "[reference][eigen]") {
  const Array x = on_eigen({{2, 3}, {1, 2, 3, 4, 5, 6}});
  using nt::eigen::argmax, nt::eigen::pad, nt::eigen::permute, nt::eigen::slice, nt::eigen::sum;
  CHECK(permute(x, {1, 0}).host().values == std::vector<float>{1, 4, 2, 5, 3, 6});
  CHECK(slice(x, 1, 1, 3).host().values == std::vector<float>{2, 3, 5, 6});
  CHECK(pad(x, 1, 1, 0).host().values == std::vector<float>{0, 1, 2, 3, 0, 4, 5, 6});
  CHECK(pad(x, 0, 0, 1).host().values == std::vector<float>{1, 2, 3, 4, 5, 6, 0, 0, 0});
  CHECK(sum(x, {0}, false).host().values == std::vector<float>{5, 7, 9});
  CHECK(sum(x, {0, 1}, true).shape() == Shape{1, 1});
  CHECK(argmax(x, 1, false).host().values == std::vector<float>{2, 2});
}

TEST_CASE("layers by hand equal PyTorch's, forward and backward", "[reference][by_hand]") {
  // float32 against float64 on inputs of size 1 to 5; measured: at most 2e-6
  constexpr float kTolerance = 1e-5F;
  const nt::Frozen frozen = nt::Frozen::open("operations");
  const auto& op = nt::by_hand::eigen_operations();
  const auto in = [&](const std::string& name) { return op.array(frozen.floats(name)); };
  const auto equal = [&](const Array& actual, const std::string& name) {
    INFO(name);
    CHECK_THAT(actual, nt::close_to(frozen.floats(name), kTolerance));
  };

  const Array y = softmax(op, in("softmax/x"));
  equal(y, "softmax/y");
  equal(softmax_backward(op, y, in("softmax/dy")), "softmax/dx");
  equal(gelu(op, in("gelu/x")), "gelu/y");
  equal(gelu_backward(op, in("gelu/x"), in("gelu/dy")), "gelu/dx");
  equal(layer_norm(op, in("layer_norm/x"), in("layer_norm/weight"), in("layer_norm/bias")),
        "layer_norm/y");
  const auto norm =
      layer_norm_backward(op, in("layer_norm/x"), in("layer_norm/weight"), in("layer_norm/dy"));
  equal(norm.dx, "layer_norm/dx");
  equal(norm.dweight, "layer_norm/dweight");
  equal(norm.dbias, "layer_norm/dbias");
  const auto loss =
      cross_entropy(op, in("cross_entropy/x"), frozen.integers("cross_entropy/labels").values);
  equal(loss.value, "cross_entropy/y");
  equal(loss.dlogits, "cross_entropy/dx");
}

TEST_CASE("attention by hand equals PyTorch's with one head and with two", "[reference][by_hand]") {
  constexpr float kTolerance = 2e-5F;  // gradients reach 30 here; measured: at most 4e-6
  const nt::Frozen frozen = nt::Frozen::open("operations");
  const auto& op = nt::by_hand::eigen_operations();
  for (const auto& [name, heads] : {std::pair{"attention", 1}, {"attention_two_heads", 2}}) {
    INFO(name);
    const auto in = [&, prefix = std::string(name) + "/"](const std::string& array) {
      return op.array(frozen.floats(prefix + array));
    };
    const nt::by_hand::AttentionWeights weights{in("in_weight"), in("in_bias"), in("out_weight"),
                                                in("out_bias")};
    nt::by_hand::AttentionMemory memory;
    CHECK_THAT(attention(op, in("x"), weights, heads, memory), nt::close_to(in("y"), kTolerance));
    const auto gradients = attention_backward(op, in("x"), weights, memory, in("dy"));
    CHECK_THAT(gradients.dx, nt::close_to(in("dx"), kTolerance));
    CHECK_THAT(gradients.dweights.in_weight, nt::close_to(in("din_weight"), kTolerance));
    CHECK_THAT(gradients.dweights.in_bias, nt::close_to(in("din_bias"), kTolerance));
    CHECK_THAT(gradients.dweights.out_weight, nt::close_to(in("dout_weight"), kTolerance));
    CHECK_THAT(gradients.dweights.out_bias, nt::close_to(in("dout_bias"), kTolerance));
  }
}

TEST_CASE("ten steps of AdamW by hand equal PyTorch's", "[reference][by_hand]") {
  const nt::Frozen frozen = nt::Frozen::open("operations");
  const auto& op = nt::by_hand::eigen_operations();
  const Array gradients = op.array(frozen.floats("optimizers/gradients"));
  const Array expected = op.array(frozen.floats("optimizers/adamw"));
  const auto step_of = [&](const Array& all, int step) {
    return op.reshape(op.slice(all, 0, step - 1, step), {4, 3});
  };
  Array weight = op.array(frozen.floats("optimizers/start"));
  nt::by_hand::Moments moments;
  for (int step = 1; step <= 10; ++step) {
    weight = adamw_step(op, {.lr = 0.01F, .weight_decay = 0.01F}, weight, step_of(gradients, step),
                        moments);
    CHECK_THAT(weight, nt::close_to(step_of(expected, step), 1e-6F));  // measured: 2e-7
  }
}

TEST_CASE("the model by hand has PyTorch's activations and gradients on X_ref",
          "[reference][by_hand]") {
  const nt::Baseline baseline = nt::load_baseline("");
  const auto& op = nt::by_hand::eigen_operations();
  nt::by_hand::Arrays weights;
  for (const auto& [name, values] : baseline.frozen.group("initial/weights/")) {
    weights[name] = op.array(values);
  }
  nt::by_hand::Memory memory;
  const Array logits = forward(op, {}, weights, op.array(baseline.x_ref), memory);
  for (const auto& [layer, expected] : baseline.frozen.group("initial/activations/")) {
    INFO(layer);
    REQUIRE_THAT(memory.activations.at(layer), nt::close_to(expected, 1e-5F));
  }
  const auto loss = cross_entropy(op, logits, baseline.y_ref);
  const auto gradients = backward(op, {}, weights, memory, loss.dlogits);
  for (const auto& [name, expected] : baseline.frozen.group("initial/gradients/")) {
    INFO(name);
    CHECK_THAT(gradients.at(name), nt::close_to(expected, 1e-6F));  // measured: 2.3e-8
  }
}
