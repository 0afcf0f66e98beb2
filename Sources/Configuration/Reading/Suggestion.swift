/// Finds what somebody probably meant.
package enum Suggestion {
    /// Longer texts are no typing mistakes, and the cost is their product.
    private static let longest = 64

    /// The candidate that is at most a third of its letters away from `text`, or nil.
    package static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
        let letters = Array(text.lowercased().utf8)
        guard 1...longest ~= letters.count else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates where candidate.utf8.count <= longest {
            let distance = distance(letters, Array(candidate.lowercased().utf8))
            // In words of one or two letters every other word is one mistake away.
            let limit = letters.count < 3 ? 0 : max(1, max(letters.count, candidate.utf8.count) / 3)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    /// `; did you mean 'floor'?`, or nothing.
    package static func clause(for text: String, among candidates: some Sequence<String>) -> String {
        nearest(to: text, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
