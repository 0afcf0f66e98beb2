import Foundation
import Model
import Synchronization

@testable import Agent

/// A systemd of one unit directory: a unit runs if it was started from a file that is there, and nothing outlives a boot.
final class ModelSystemd: ServiceManager {
    private let units: String
    private let running = Mutex<Set<UnitName>>([])
    private let timers = Mutex<[Set<UnitName>]>([])

    /// The timers that were armed after each word about one.
    var armed: [Set<UnitName>] { timers.withLock { $0 } }

    init(units: String) { self.units = units }

    /// What happens once `fleet-recover.service` has ended: every installed service starts.
    func startInstalled() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: units)) ?? []  // none: nothing to start
        let installed = names.filter { $0.hasSuffix(".service") }.compactMap { UnitName($0) }
        running.withLock { $0.formUnion(installed) }
    }

    func runs(_ unit: UnitName) -> Bool { running.withLock { $0.contains(unit) } }

    private func exists(_ unit: UnitName) -> Bool { FileManager.default.fileExists(atPath: "\(units)/\(unit)") }

    func start(_ unit: UnitName) -> JobResult {
        guard exists(unit) else { return .failed }
        running.withLock { _ = $0.insert(unit) }
        return .done
    }

    func stop(_ unit: UnitName) -> JobResult {
        running.withLock { _ = $0.remove(unit) }
        return .done
    }

    func reload(_ unit: UnitName) -> JobResult { runs(unit) ? .done : .failed }

    func figures(_ unit: UnitName) -> UnitFigures { UnitFigures(unit: unit, invocation: "") }

    func inspect(_ unit: UnitName) -> UnitInspection {
        let isUp = runs(unit)
        return UnitInspection(
            state: UnitState(
                unit: unit,
                active: isUp ? "active" : "inactive",
                sub: isUp ? "running" : "dead",
                result: "success",
                restarts: 0
            ),
            loadState: exists(unit) ? "loaded" : "not-found",
            fragmentPath: exists(unit) ? "\(units)/\(unit)" : "",
            dropInPaths: [],
            needsReload: false,
            user: "",
            group: "",
            exitStatus: 0
        )
    }

    func run(_ command: TransientCommand) -> CommandResult {
        CommandResult(result: "success", exitStatus: 0, invocation: "")
    }

    func version() -> String { "252" }
    func reload() {}
    func resetFailed(_ unit: UnitName) {}
    func enable(_ unit: UnitName) {}
    func disable(_ unit: UnitName) {}
    func launch(_ command: TransientCommand) { running.withLock { _ = $0.insert(command.unit) } }

    /// A timer of that name is stopped first, and a service that runs is not made anew.
    func arm(_ timer: UnitName, after delay: TimeSpan, command: TransientCommand) throws {
        disarm(timer)
        guard !runs(command.unit) else { throw Failure(.internalError, "\(command.unit) runs") }
        note(running.withLock { $0.insert(timer).inserted })
    }

    func disarm(_ timer: UnitName) { note(running.withLock { $0.remove(timer) != nil }) }

    private func note(_ hasChanged: Bool) {
        guard hasChanged else { return }
        let armed = running.withLock { $0.filter { $0.text.hasSuffix(".timer") } }
        timers.withLock { $0.append(armed) }
    }

    func close() {}
}
