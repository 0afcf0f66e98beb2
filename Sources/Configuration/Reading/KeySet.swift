/// The keys that one mapping of a configuration file may have; the documentation is tested against them.
protocol KeySet: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// Keys of the design that this version refuses, each with the sentence that says so.
    static var notInThisVersion: [String: String] { get }
}

extension KeySet {
    static var notInThisVersion: [String: String] { [:] }

    static var names: [String] { allCases.map(\.rawValue) }
}
