package import Model

/// How far a key may speak: for which services, in which environments, until when.
package struct Extent: Hashable, Sendable {
    /// The only services that it may vouch for; nil for any.
    package let services: [ServiceName]?
    /// The only environments that it may vouch for; nil for any.
    package let environments: [EnvironmentName]?
    /// When the host stops to believe it; nil for never.
    ///
    /// What it signed before counts no longer either: its thief would only have to write an earlier date.
    package let expires: WallTime?

    package init(services: [ServiceName]? = nil, environments: [EnvironmentName]? = nil, expires: WallTime? = nil) {
        self.services = services
        self.environments = environments
        self.expires = expires
    }

    static let members = ["services", "environments", "expires"]

    init(_ entry: TrustEntry) throws(TrustError) {
        services = try entry.list("services") { try? ServiceName(parsing: $0) }
        environments = try entry.list("environments") { try? EnvironmentName(parsing: $0) }
        expires = try entry.time("expires")
    }

    /// Whether it covers what goes there; without a destination it is not asked.
    func covers(_ destination: Destination?) -> Bool {
        guard let destination else { return true }
        return services?.contains(destination.service) ?? true
            && environments?.contains(destination.environment) ?? true
    }

    /// Whether it has ended by then; without a time it is not asked.
    func hasEnded(at now: WallTime?) -> Bool {
        guard let now, let expires else { return false }
        return expires <= now
    }

    /// Services and environments, in words.
    var words: String {
        let services = services.map { $0.map(\.text).joined(separator: ", ") } ?? "every service"
        return services + (environments.map { " in \($0.map(\.text).joined(separator: ", "))" } ?? "")
    }

    var json: [(String, JSONValue?)] {
        func list(_ names: [String]?) -> JSONValue? { names.map { .array($0.map { .string($0) }) } }
        return [
            ("services", list(services?.map(\.text))), ("environments", list(environments?.map(\.text))),
            ("expires", expires.map { .string($0.description) }),
        ]
    }
}
