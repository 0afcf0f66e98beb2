internal import Model
internal import Rollout

/// The next command about a host that is not where its environment is.
struct ArrearsAdvice {
    let service: ServiceName
    let environment: EnvironmentName
    let policy: ReturnPolicy

    func next(_ found: Arrears, of host: HostID) -> String {
        switch found.state {
        case .unknown, .missed:
            guard found.goal != nil else { return look(found) }
            return policy == .serve ? "brought there by itself once it is back" : "once it is back: '\(catchUp)'"
        case .behind, .unread:
            let isComing = policy == .serve && found.mayReturnByItself
            return isComing ? "brought there by itself; at once: '\(catchUp)'" : "'\(catchUp)'"
        case .stale: return "approve anew: '\(rollOut(found))'"
        case .failed: return "\(look(found)), then '\(rollOut(found))'"
        case .leftOut: return "'\(rollOut(found))'"
        case .held: return "'fleet host unhold \(host)'"
        }
    }

    private var catchUp: String { "fleet catch-up --service \(service) --env \(environment)" }

    private func rollOut(_ found: Arrears) -> String {
        "fleet rollout \(service) \(found.goal?.version.text ?? "VERSION") --env \(environment)"
    }

    private func look(_ found: Arrears) -> String {
        found.rollout.map { "'fleet why \($0.label)'" } ?? "'fleet status \(service) --env \(environment)'"
    }
}
