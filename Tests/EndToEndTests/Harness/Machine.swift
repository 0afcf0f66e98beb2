import Foundation

/// The checkout, and what this machine can do.
enum Machine {
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Where scenarios keep their files; those of a failed one stay.
    static let scratch = "\(checkout)/.build/e2e"

    /// Directory with the Debian packages, as packaging/build makes them; FLEET_PACKAGES names another.
    static let packages = ProcessInfo.processInfo.environment["FLEET_PACKAGES"] ?? "\(checkout)/.build/deb"

    /// The same of the version before, which scripts/previous builds; FLEET_PREVIOUS names another.
    static let previous: String = {
        if let named = ProcessInfo.processInfo.environment["FLEET_PREVIOUS"] { return named }
        let revision = (try? String(contentsOfFile: "\(checkout)/packaging/previous", encoding: .utf8)) ?? ""
        return "\(checkout)/.build/previous/\(revision.trimmingCharacters(in: .whitespacesAndNewlines))"
    }()

    /// Why the version before can't be run here; nil when it can.
    static let previousObstacle: String? = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: previous)) ?? []
        guard names.count(where: { $0.hasSuffix(".deb") }) >= 3 else {
            return "there are no packages in \(previous); scripts/previous builds them"
        }
        return nil
    }()

    /// Says why its tests are skipped.
    static func hasPrevious() -> Bool {
        guard let previousObstacle else { return true }
        print("skipped: no tests beside the version before: \(previousObstacle)")
        return false
    }

    static func script(_ name: String) -> String { "\(checkout)/scripts/\(name)" }

    /// Why no real hosts can be had here; nil when they can.
    static let obstacle: String? = {
        do {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: packages),
                names.contains(where: { $0.hasSuffix(".deb") })
            else { return "there are no packages in \(packages); make e2e builds them" }
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
            let end = try run([script("hosts/up"), "--check"], log: "\(scratch)/check")
            return end.code == 0 ? nil : "\(end.output)\(end.messages)".trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            return "\(error)"
        }
    }()

    /// Says why everything is skipped, since a skipped suite is easily overlooked.
    static func canBoot() -> Bool {
        guard let obstacle else { return true }
        print("skipped: no end-to-end tests on this machine: \(obstacle)")
        return false
    }

    /// Runs a short command to its end, blocking the thread; scenarios that run meanwhile may block all others.
    static func run(_ command: [String], environment: [String: String] = [:], log: String) throws -> Child.End {
        try Child(command, environment: environment, log: log).waitForEnd()
    }
}
