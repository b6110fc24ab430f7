#pragma once
// The op table. A row is an operation: its name, the rule its operands' shapes must keep, and one
// cell for each backend. A cell holds a kernel, the function that computes, or nothing yet. Calling
// a row checks the operands once, for all backends, and hands them to the chosen backend's kernel,
// which may trust them.

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "core/array.hpp"

namespace nt {

/// The backend that computes from now on. Throws BackendError for a name that is none.
void set_backend(std::string_view name);
void set_backend(Backend backend);
Backend current_backend();

/// The stage that fills a row's cells.
struct Plan {
  int naive;
  int fast = 17;
};

/// What all rows have in common, whatever their operands. Rows live as long as the program: the
/// table refers to them.
class OpRow {
 public:
  OpRow(const char* name, Plan plan) : name_(name), plan_(plan) {}
  OpRow(const OpRow&) = delete;
  OpRow& operator=(const OpRow&) = delete;
  virtual ~OpRow() = default;

  std::string_view name() const { return name_; }

  /// The stage that fills this row's cell for `backend`.
  int stage(Backend backend) const;

  virtual bool has_kernel(Backend backend) const = 0;
  virtual bool has_fallback() const = 0;

 protected:
  /// Throws BackendError when an operand holds no data or is on another backend than the chosen
  /// one.
  void require_chosen_backend(const std::vector<const Array*>& operands) const;

  /// Throws ShapeError when a kernel gave another shape than the rule promised.
  void require_shape(const Array& result, const Shape& promised) const;

  [[noreturn]] void throw_no_kernel() const;

  bool is_in_table() const;
  void enter_table() const;

 private:
  const char* name_;
  Plan plan_;
};

/// The rows that have a kernel, in the order of their first installation.
const std::vector<const OpRow*>& op_table();

template <class Signature>
class Op;

/// A row of this signature, for example Op<Array(const Array&, const Array&)>.
template <class... Args>
class Op<Array(Args...)> final : public OpRow {
 public:
  using Kernel = std::function<Array(Args...)>;

  /// Checks the arguments, rewrites axes that count from the end, and returns the result's shape.
  using Rule = Shape (*)(std::string_view op, std::decay_t<Args>&... args);

  /// `fallback` composes the operation of other rows, for backends without a kernel of their own.
  Op(const char* name, Rule rule, Plan plan, Kernel fallback = {})
      : OpRow(name, plan), rule_(rule), fallback_(std::move(fallback)) {}

  /// Fills the cell of `backend`, or replaces what is in it. A row that has a kernel stands in the
  /// table, once, however many it gets.
  void install(Backend backend, Kernel kernel) {
    // exercise 2.1: the kernel into its cell, and the row into the table, once
    Kernel& cell = cells_[static_cast<std::size_t>(backend)];
    cell = std::move(kernel);
    if (!is_in_table()) enter_table();
    // end exercise
  }

  /// The kernel in the cell of `backend`; empty where there is none.
  const Kernel& kernel(Backend backend) const { return cells_[static_cast<std::size_t>(backend)]; }

  bool has_kernel(Backend backend) const override { return static_cast<bool>(kernel(backend)); }
  bool has_fallback() const override { return static_cast<bool>(fallback_); }

  /// The chosen backend's kernel, or else the fallback, on arguments that are checked before:
  /// throws, in this order, BackendError when an operand is not on the chosen backend, ShapeError
  /// when the operands break the rule, BackendError when there is neither a kernel nor a fallback,
  /// ShapeError when the result is not as the rule says. The rule is asked once a call; the
  /// caller's arguments stay as they are.
  Array operator()(Args... args) const {
    // exercise 2.2: check the backends, apply the rule to copies, call kernel or fallback, check
    require_chosen_backend(arrays_among(args...));
    std::tuple<std::decay_t<Args>...> checked(args...);
    const Shape shape =
        std::apply([&](auto&... copies) { return rule_(name(), copies...); }, checked);
    const Kernel& own = kernel(current_backend());
    if (!own && !fallback_) throw_no_kernel();
    Array result = std::apply(own ? own : fallback_, checked);
    require_shape(result, shape);
    return result;
    // end exercise
  }

 private:
  /// Those of the arguments that are Arrays.
  static std::vector<const Array*> arrays_among(const std::decay_t<Args>&... args) {
    std::vector<const Array*> arrays;
    const auto add_if_array = [&](const auto& arg) {
      if constexpr (std::is_same_v<std::decay_t<decltype(arg)>, Array>) arrays.push_back(&arg);
    };
    (add_if_array(args), ...);
    return arrays;
  }

  Rule rule_;
  std::array<Kernel, kBackends.size()> cells_;
  Kernel fallback_;
};

}  // namespace nt
