internal import Glibc

extension Double {
    /// With three significant digits, as people read what was measured: `0.0123`, `4.56`, `1e-09`.
    var shortened: String {
        guard isFinite, self != 0 else { return self == 0 ? "0" : "\(self)" }
        let digits = 2 - Int(floor(log10(magnitude)))
        guard digits >= 0 else { return "\(Int64(rounded()))" }
        let scale = pow(10, Double(digits))
        // A division by a power of ten gives the number that its decimal text means.
        let text = "\((self * scale).rounded() / scale)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
