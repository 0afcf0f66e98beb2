import Foundation

/// A release of one of the examples, built for this test.
struct ExampleRelease: Sendable {
    let service: String
    let version: String
    /// What `fleet rollout` packs.
    let path: String

    /// The words of `fleet rollout` for it.
    var rollout: [String] {
        ["rollout", service, path, "--version", version, "--env", FleetFile.environment, "--yes"]
    }
}

extension Fleet {
    /// Builds a release with the example's own script.
    func build(
        _ version: String,
        of example: String = "hello",
        fault: String? = nil,
        healthyFor: String = "1s"
    ) async throws -> ExampleRelease {
        let path = "dist/\(example)-\(version)"
        let options = (fault.map { ["--fault", $0] } ?? []) + ["--healthy-for", healthyFor]
        let script = "\(Machine.checkout)/examples/\(example)/build"
        let end = try await start([script, version] + options + ["\(directory)/\(path)"], subject: "build").end()
        guard end.code == 0 else { throw Child.Problem(description: "\(end)") }
        return ExampleRelease(service: example, version: version, path: path)
    }
}
