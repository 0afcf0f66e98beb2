internal import Glibc

/// This machine, as other people are told of it.
enum Machine {
    /// `alice@laptop`.
    static func place(_ person: String) -> String { "\(person)@\(name)" }

    /// Its host name.
    static var name: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
