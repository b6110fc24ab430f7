#include "profiler.hpp"

#include "all_rows.hpp"
#include "columns.hpp"

namespace nt {

class WrappedRow {
 public:
  WrappedRow() = default;
  WrappedRow(const WrappedRow&) = delete;
  WrappedRow& operator=(const WrappedRow&) = delete;
  virtual ~WrappedRow() = default;

  virtual std::string_view name() const = 0;
};

namespace {

// The shape of an argument that holds an operand's numbers; the others are settings.
void add_shape(std::vector<Shape>& shapes, const Array& x) { shapes.push_back(x.shape()); }
void add_shape(std::vector<Shape>& shapes, const HostArray& x) { shapes.push_back(x.shape); }
template <class Setting>
void add_shape(std::vector<Shape>& /*shapes*/, const Setting& /*x*/) {}

/// Closes a span when it goes, be it by an error.
class Closing {
 public:
  explicit Closing(SpanRecorder& recorder) : recorder_(recorder) {}
  Closing(const Closing&) = delete;
  Closing& operator=(const Closing&) = delete;
  ~Closing() { recorder_.close(); }

 private:
  SpanRecorder& recorder_;
};

template <class Row>
class Wrapped;

template <class... Args>
class Wrapped<Op<Array(Args...)>> final : public WrappedRow {
 public:
  using Row = Op<Array(Args...)>;

  Wrapped(Row& row, Backend backend, SpanRecorder& recorder)
      : row_(row),
        backend_(backend),
        recorder_(recorder),
        own_(row.kernel(backend)),
        wrapper_(row, backend, [this](Args... args) { return watch(args...); }) {}

  std::string_view name() const override { return row_.name(); }

 private:
  Array watch(Args... args) {
    const std::size_t span = recorder_.open(row_.name());
    Array result = [&] {
      const Closing closing(recorder_);
      return own_ ? own_(args...) : call_fallback(args...);
    }();
    std::vector<Shape> operands;
    (add_shape(operands, args), ...);
    recorder_.set_cost(span, op_cost(row_.name(), operands, result.shape()));
    return result;
  }

  /// A row gives its fallback to nobody, but calls it where the cell is empty. So the wrapper steps
  /// out of its cell for the time of the call; `this` is not in the cell and stays.
  Array call_fallback(Args... args) {
    const OtherKernel nothing(row_, backend_, typename Row::Kernel{});
    return row_(args...);
  }

  Row& row_;
  Backend backend_;
  SpanRecorder& recorder_;
  typename Row::Kernel own_;  // what was in the cell; empty where there was nothing
  OtherKernel<Row> wrapper_;
};

}  // namespace

Profiler::Profiler(Clock clock) : recorder_(std::move(clock)) {
  for_each_row([this]<class Row>(Row& row) {
    rows_.push_back(std::make_unique<Wrapped<Row>>(row, current_backend(), recorder_));
  });
}

Profiler::~Profiler() = default;

std::vector<std::string> Profiler::wrapped() const {
  std::vector<std::string> names;
  for (const auto& row : rows_) names.emplace_back(row->name());
  return names;
}

Profile profile_of(std::string name, const std::function<void()>& work, Clock clock) {
  const Profiler profiler(std::move(clock));
  work();
  return profiler.profile(std::move(name));
}

}  // namespace nt
