// The loader: which images a batch has, in which order the epochs take them, and how it goes on.

#include <algorithm>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "small_run.hpp"

namespace nt {
namespace {

/// The positions of so many batches, whose labels are positions.
std::vector<Labels> taken(DataLoader& loader, std::int64_t batches) {
  std::vector<Labels> result;
  for (std::int64_t i = 0; i < batches; ++i) result.push_back(loader.next().labels);
  return result;
}

Labels joined(const std::vector<Labels>& batches) {
  Labels all;
  for (const Labels& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
  return all;
}

using Order = std::vector<std::int64_t>;

TEST_CASE("an epoch's order is the permutation that its generator draws", "[stage_14][14.1]") {
  const ImageSet set = numbered_set(9);
  DataLoader loader(set, 4, Random(5));
  Random random(5);
  CHECK(loader.order() == random.permutation(9));
  loader.go_to({1, 0, random.state()});
  CHECK(loader.order() == random.permutation(9));
  loader.go_to({0, 2, 5});  // in the middle of an epoch
  CHECK(loader.order() == Random(5).permutation(9));
}

TEST_CASE("an epoch's order is the row that was given for it", "[stage_14][14.1]") {
  const ImageSet set = numbered_set(9);
  DataLoader loader(set, 2, HostIntegers{{2, 5}, {8, 1, 7, 7, 0, 3, 3, 2, 5, 6}});
  CHECK(loader.batches() == 3);
  CHECK(loader.order() == Order{8, 1, 7, 7, 0});
  loader.go_to({1, 2, 0});
  CHECK(loader.order() == Order{3, 3, 2, 5, 6});
}

TEST_CASE("orders that are used up are refused, and the loader stays where it is",
          "[stage_14][14.1]") {
  const ImageSet set = numbered_set(9);
  DataLoader loader(set, 4, HostIntegers{{2, 3}, {4, 5, 6, 1, 2, 3}});
  loader.go_to({1, 1, 0});
  CHECK_THROWS_WITH(loader.go_to({2, 0, 0}), "loader: there are orders for 2 epochs");
  CHECK(loader.place() == LoaderPlace{1, 1, 0});
  CHECK(loader.order() == Order{1, 2, 3});
  CHECK_THROWS_WITH(DataLoader(set, 4, HostIntegers{{0, 3}, {}}),
                    "loader: there are orders for 0 epochs");
}

TEST_CASE("a place that is none is refused, and the loader stays where it is", "[stage_14][14.1]") {
  const ImageSet set = numbered_set(9);
  DataLoader loader(set, 4, Random(5));
  const Order order = loader.order();
  CHECK_THROWS_WITH(loader.go_to({0, 4, 8}),
                    "loader: there is no batch 4 of epoch 0: an epoch has 3");
  CHECK_THROWS_WITH(loader.go_to({0, -1, 8}),
                    "loader: there is no batch -1 of epoch 0: an epoch has 3");
  CHECK_THROWS_WITH(loader.go_to({-1, 0, 8}),
                    "loader: there is no batch 0 of epoch -1: an epoch has 3");
  CHECK(loader.place() == LoaderPlace{0, 0, 5});
  CHECK(loader.order() == order);
}

TEST_CASE("every epoch takes each image once, its last batch what is left",
          "[stage_14][14.1][14.2]") {
  for (const std::int64_t images : {1, 7, 8, 9, 33}) {
    CAPTURE(images);
    const ImageSet set = numbered_set(images);
    for (const std::int64_t batch : {1, 3, 8, 100}) {
      CAPTURE(batch);
      DataLoader loader(set, batch, Random(1));
      for (int epoch = 0; epoch < 3; ++epoch) {
        const std::vector<Labels> batches = taken(loader, loader.batches());
        for (std::size_t i = 0; i + 1 < batches.size(); ++i) {
          CHECK(std::ssize(batches[i]) == batch);
        }
        const std::int64_t left = images % batch;
        CHECK(std::ssize(batches.back()) == (left > 0 ? left : batch));
        Labels all = joined(batches);
        std::sort(all.begin(), all.end());
        CHECK(all == set.labels);
        CHECK(loader.place().epoch == epoch);
        CHECK(loader.place().batch == loader.batches());
      }
    }
  }
}

TEST_CASE("a batch has the images of the next positions, and their labels",
          "[stage_14][14.1][14.2]") {
  const ImageSet set = small_set(5);
  DataLoader loader(set, 2, HostIntegers{{1, 3}, {4, 0, 2}});
  const Batch batch = loader.next();
  CHECK(batch.labels == Labels{1, 0});
  CHECK_THAT(batch.images, close_to(images_at(set, std::vector<std::int64_t>{4, 0}), 0));
  CHECK(loader.next().labels == Labels{2});
  CHECK_THROWS_WITH(loader.next(), "loader: there are orders for 1 epochs");
}

TEST_CASE("every epoch has an order of its own, the same for the same generator",
          "[stage_14][14.1][14.2]") {
  const ImageSet set = numbered_set(33);
  DataLoader loader(set, 5, Random(3));
  const Labels first = joined(taken(loader, loader.batches()));
  const Labels second = joined(taken(loader, loader.batches()));
  CHECK(first != second);
  DataLoader again(set, 5, Random(3));
  CHECK(joined(taken(again, again.batches())) == first);
  CHECK(joined(taken(again, again.batches())) == second);
  DataLoader other(set, 5, Random(4));
  CHECK(joined(taken(other, other.batches())) != first);

  Random random(3);
  const Order one = random.permutation(33);
  const Order two = random.permutation(33);  // from where the first one left the generator
  CHECK(first == Labels(one.begin(), one.end()));
  CHECK(second == Labels(two.begin(), two.end()));
}

TEST_CASE("a loader goes on from any place as if it had never stopped", "[stage_14][14.1][14.2]") {
  const ImageSet set = numbered_set(8);
  DataLoader loader(set, 3, Random(1));
  const std::int64_t total = 3 * loader.batches();
  std::vector<LoaderPlace> places;
  std::vector<Labels> batches;
  for (std::int64_t i = 0; i < total; ++i) {
    places.push_back(loader.place());
    batches.push_back(loader.next().labels);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    CAPTURE(i);
    DataLoader other(set, 3, Random(99));
    other.next();
    other.go_to(places[i]);
    CHECK(other.place() == places[i]);
    CHECK(taken(other, std::ssize(batches) - static_cast<std::int64_t>(i)) ==
          std::vector<Labels>(batches.begin() + static_cast<std::ptrdiff_t>(i), batches.end()));
  }
}

TEST_CASE("a position that is none in the set is named", "[stage_14][14.1][14.2]") {
  const ImageSet set = numbered_set(9);
  DataLoader loader(set, 2, HostIntegers{{1, 2}, {3, 9}});
  CHECK_THROWS_WITH(loader.next(), "images: position 1 is 9: there are 9");
}

TEST_CASE("sets and sizes that make no batches are refused", "[stage_14]") {
  const ImageSet set = numbered_set(9);
  CHECK_THROWS_WITH(DataLoader(set, 0, Random(1)), "loader: batch should be 1 or more, found 0");
  CHECK_THROWS_WITH(DataLoader(set, -3, Random(1)), "loader: batch should be 1 or more, found -3");
  CHECK_THROWS_WITH(DataLoader(small_set(0), 1, Random(1)), "loader: there are no images");
  ImageSet unlabelled = set;
  unlabelled.labels.pop_back();
  CHECK_THROWS_WITH(DataLoader(unlabelled, 1, Random(1)),
                    "loader: there are 9 images and 8 labels");
  CHECK_THROWS_WITH(DataLoader(set, 1, HostIntegers{{3}, {1, 2, 3}}),
                    "loader: orders should be (epochs, images), found (3)");
}

}  // namespace
}  // namespace nt
