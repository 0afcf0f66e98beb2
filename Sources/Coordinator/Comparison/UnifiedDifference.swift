internal import Model

/// What differs between two texts, line by line, as `diff -u` writes it.
enum UnifiedDifference {
    /// Lines around a change that are shown, too.
    private static let context = 3

    /// Hunks, each with its `@@` line; empty for equal texts.
    static func lines(from old: [UInt8], to new: [UInt8]) -> [String] {
        let (before, after) = (Self.lines(of: old), Self.lines(of: new))
        let script = script(before, after)
        var output: [String] = []
        for range in hunks(script) { output += hunk(script, range) }
        return output
    }

    /// One line of both texts, of the old one, or of the new one.
    private enum Step {
        case same(String)
        case removed(String)
        case added(String)

        var isChange: Bool {
            switch self {
            case .same: false
            case .removed, .added: true
            }
        }

        var text: String {
            switch self {
            case .same(let line): " \(line)"
            case .removed(let line): "-\(line)"
            case .added(let line): "+\(line)"
            }
        }
    }

    private static func script(_ before: [[UInt8]], _ after: [[UInt8]]) -> [Step] {
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in after.difference(from: before) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var steps: [Step] = []
        var (old, new) = (0, 0)
        while old < before.count || new < after.count {
            if removed.contains(old) {
                steps.append(.removed(text(before[old])))
                old += 1
            } else if added.contains(new) {
                steps.append(.added(text(after[new])))
                new += 1
            } else {
                steps.append(.same(text(before[old])))
                old += 1
                new += 1
            }
        }
        return steps
    }

    /// Runs of changes with what is around them; those whose surroundings touch are one.
    private static func hunks(_ script: [Step]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for index in script.indices where script[index].isChange {
            let range = max(0, index - context)..<min(script.count, index + context + 1)
            if let last = found.last, last.upperBound >= range.lowerBound {
                found[found.count - 1] = last.lowerBound..<range.upperBound
            } else {
                found.append(range)
            }
        }
        return found
    }

    private static func hunk(_ script: [Step], _ range: Range<Int>) -> [String] {
        let (oldStart, newStart) = counts(script[..<range.lowerBound])
        let (oldCount, newCount) = counts(script[range])
        func place(_ start: Int, _ count: Int) -> String {
            // An empty side names the line before it (GNU diff).
            count == 1 ? "\(start + 1)" : "\(count == 0 ? start : start + 1),\(count)"
        }
        return ["@@ -\(place(oldStart, oldCount)) +\(place(newStart, newCount)) @@"] + script[range].map(\.text)
    }

    /// How many lines of the old and of the new text.
    private static func counts(_ steps: ArraySlice<Step>) -> (old: Int, new: Int) {
        steps.reduce(into: (old: 0, new: 0)) { sums, step in
            switch step {
            case .same: sums = (sums.old + 1, sums.new + 1)
            case .removed: sums.old += 1
            case .added: sums.new += 1
            }
        }
    }

    private static func lines(of text: [UInt8]) -> [[UInt8]] {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        // A last line that ends begins no other.
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// What nobody would see is shown as a question mark.
    private static func text(_ line: [UInt8]) -> String {
        let scalars = String(decoding: line, as: UTF8.self).unicodeScalars
        return String(String.UnicodeScalarView(scalars.map { $0.isUnseen && $0 != "\t" ? "?" : $0 }))
    }
}
