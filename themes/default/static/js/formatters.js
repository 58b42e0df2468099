/* Numbers as the report writes them. The same input gives the same characters as the Go package report/i18n; the
   language and the currency arrive as data ("signs" of the data block), so this file knows no language. */
var parcoursFormats = (function () {
  "use strict";

  /* |v| × 10^shift with a fixed number of decimals, rounded half away from zero on the shortest decimal form of v:
     0.285 is 28.5 %, which multiplying would not give. Returns [digits before the point, digits after it]. */
  function fixed(v, shift, decimals) {
    var parts = Math.abs(v).toExponential().split("e");
    var digits = parts[0].replace(".", "");
    var point = v === 0 ? 1 : parseInt(parts[1], 10) + 1 + shift;
    var keep = point + decimals;
    if (keep < digits.length) {
      var up = keep >= 0 && digits.charAt(keep) >= "5";
      digits = keep > 0 ? digits.slice(0, keep) : "";
      if (up) {
        var i = digits.length - 1;
        while (i >= 0 && digits.charAt(i) === "9") { i--; }
        var zeros = repeat("0", digits.length - 1 - i);
        if (i < 0) {
          digits = "1" + zeros;
          point++;
        } else {
          digits = digits.slice(0, i) + (+digits.charAt(i) + 1) + zeros;
        }
      }
      if (digits === "") {
        digits = "0";
        point = 1;
      }
    }
    if (point <= 0) {
      digits = repeat("0", 1 - point) + digits;
      point = 1;
    }
    digits += repeat("0", point + decimals - digits.length);
    return [digits.slice(0, point), digits.slice(point, point + decimals)];
  }

  function repeat(s, n) {
    var out = "";
    while (n-- > 0) { out += s; }
    return out;
  }

  function grouped(digits, signs) {
    return digits.replace(/\B(?=(\d{3})+$)/g, signs.group);
  }

  /* The parts of a number: sign and digits. trim drops the zeros after the decimal sign. */
  function number(v, shift, decimals, signs, trim) {
    var f = fixed(v, shift, decimals);
    var zero = /^0*$/.test(f[0] + f[1]);
    var fraction = trim ? f[1].replace(/0+$/, "") : f[1];
    return {
      sign: v < 0 && !zero ? signs.minus : "",
      digits: grouped(f[0], signs) + (fraction ? signs.decimal + fraction : "")
    };
  }

  function plain(v, shift, decimals, signs, trim) {
    var n = number(v, shift, decimals, signs, trim);
    return n.sign + n.digits;
  }

  function money(v, shift, decimals, unit, signs, trim) {
    var n = number(v, shift - signs.digits, decimals, signs, trim);
    return n.sign + signs.before + n.digits + signs.after[unit];
  }

  /* whether the rounded number of major units is under a limit */
  function below(minor, limit, signs) {
    return Math.abs(minor) < (limit - 0.5) * Math.pow(10, signs.digits);
  }

  function known(v) {
    return typeof v === "number" && isFinite(v);
  }

  /* A value in full, for tooltips and labels: Format.Text in Go. */
  function text(format, v, signs) {
    if (!known(v)) { return signs.unknown; }
    switch (format) {
      case "pct": return plain(v, 2, 1, signs) + signs.percent;
      case "money":
        if (signs.digits > 0 && below(v, 1000, signs)) { return money(v, 0, signs.digits, 0, signs); }
        return money(v, 0, 0, 0, signs);
      case "days": return plain(v, 0, 0, signs) + signs.days;
      case "dec": return plain(v, 0, 1, signs);
    }
    return plain(v, 0, 0, signs);
  }

  /* A value of an axis: short, without idle zeros. */
  function axis(format, v, signs) {
    if (!known(v)) { return signs.unknown; }
    var major, unit;
    switch (format) {
      case "pct": return plain(v, 2, 2, signs, true) + signs.percent;
      case "money":
        major = Math.abs(v) / Math.pow(10, signs.digits);
        unit = major < 10000 ? 0 : major < 999950 ? 1 : major < 999950000 ? 2 : 3;
        return money(v, -3 * unit, unit > 0 ? 2 : signs.digits, unit, signs, true);
      case "days": return plain(v, 0, 1, signs, true) + signs.days;
    }
    return plain(v, 0, 2, signs, true);
  }

  return { text: text, axis: axis };
}());
