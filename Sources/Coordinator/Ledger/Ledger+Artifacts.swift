internal import FoundationEssentials
package import Model
internal import Storage
internal import Trust

extension Ledger {
    /// Artifacts that this workspace may still have to send: those of unfinished rollouts, of the `count` releases that were
    /// confirmed last of each service in each environment, and of the `count` versions of each service that came last.
    package func artifacts(keeping count: Int) throws -> Set<Digest> {
        let plans = try database.query("SELECT plan FROM rollouts WHERE ended_at IS NULL") { row in
            try CanonicalJSON.decode(Plan.self, from: try row.blob(0))
        }
        let confirmed = try database.query("SELECT release FROM confirmed ORDER BY id DESC") { row in
            try JSONDecoder().decode(ConfirmedRelease.self, from: Data(try row.blob(0)))
        }
        // A plan without its release, a restart's, is of a confirmed one.
        let unfinished =
            plans.compactMap(\.release)
            + confirmed.filter { release in
                plans.contains { $0.target == release.id }
            }.map(\.release)
        var kept = Set(unfinished.map(\.artifact.digest))
        kept.formUnion(Self.first(count, of: confirmed, grouped: Self.place).map(\.release.artifact.digest))
        let versions = try database.query("SELECT service, artifact FROM artifacts ORDER BY rowid DESC") { row in
            (service: try row.text(0), artifact: try JSONDecoder().decode(Artifact.self, from: Data(try row.blob(1))))
        }
        kept.formUnion(Self.first(count, of: versions, grouped: \.service).map(\.artifact.digest))
        return kept
    }

    private static func place(_ release: ConfirmedRelease) -> String { "\(release.service) \(release.environment)" }

    /// The first `count` elements of each group.
    private static func first<Element>(
        _ count: Int,
        of elements: [Element],
        grouped group: (Element) -> String
    ) -> [Element] {
        var counts: [String: Int] = [:]
        return elements.filter { element in
            counts[group(element), default: 0] += 1
            return counts[group(element), default: 0] <= count
        }
    }
}
