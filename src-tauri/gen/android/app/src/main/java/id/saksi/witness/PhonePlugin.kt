package id.saksi.witness

import android.app.Activity
import android.content.ClipData
import android.content.Intent
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import android.net.Uri
import androidx.appcompat.app.AppCompatActivity
import androidx.core.content.FileProvider
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Channel
import app.tauri.plugin.Invoke
import app.tauri.plugin.JSObject
import app.tauri.plugin.Plugin
import java.io.File

@InvokeArg
class BeginArgs {
  lateinit var folder: String
  lateinit var network: Channel
}

@InvokeArg
class ShareArgs {
  lateinit var file: String
}

@InvokeArg
class SmsArgs {
  lateinit var number: String
  lateinit var body: String
}

/** What only the phone can do, asked for by `src-tauri/src/phone.rs` and by nobody else. */
@TauriPlugin
class PhonePlugin(private val activity: Activity) : Plugin(activity) {
  /** The data folder, once the app has said which it is. */
  private var folder: String? = null
  private var heard: ConnectivityManager.NetworkCallback? = null

  /** Remembers the data folder, and tells `network` now and ever after whether data cost quota. */
  @Command
  fun begin(invoke: Invoke) {
    val args = invoke.parseArgs(BeginArgs::class.java)
    folder = args.folder
    // The app's, not the activity's: it goes on being told when the activity is made anew.
    val connections =
      activity.applicationContext.getSystemService(ConnectivityManager::class.java)
    heard?.let(connections::unregisterNetworkCallback)
    val callback = object : ConnectivityManager.NetworkCallback() {
      override fun onCapabilitiesChanged(network: Network, can: NetworkCapabilities) {
        tell(true, can.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED))
      }

      override fun onLost(network: Network) = tell(false, false)

      private fun tell(isConnected: Boolean, isUnmetered: Boolean) {
        val now = JSObject()
        now.put("is_connected", isConnected)
        now.put("is_unmetered", isUnmetered)
        args.network.send(now)
      }
    }
    connections.registerDefaultNetworkCallback(callback)
    heard = callback
    invoke.resolve()
  }

  /** Something was saved: it is to arrive even if the app is closed now. */
  @Command
  fun deliverLater(invoke: Invoke) {
    enqueue()
    invoke.resolve()
  }

  /** Opens the share sheet for a file among the exports. */
  @Command
  fun share(invoke: Invoke) {
    val file = File(invoke.parseArgs(ShareArgs::class.java).file)
    val uri = FileProvider.getUriForFile(activity, "${activity.packageName}.fileprovider", file)
    val send = Intent(Intent.ACTION_SEND)
      .setType("application/octet-stream")
      .putExtra(Intent.EXTRA_STREAM, uri)
      .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
    // The share sheet shows, and grants, what is in the clip.
    send.clipData = ClipData.newRawUri(file.name, uri)
    activity.startActivity(Intent.createChooser(send, null))
    invoke.resolve()
  }

  /** Opens the phone's own app for messages with this one written; the witness sends it. */
  @Command
  fun composeSms(invoke: Invoke) {
    val args = invoke.parseArgs(SmsArgs::class.java)
    val to = Uri.fromParts("smsto", args.number, null)
    activity.startActivity(Intent(Intent.ACTION_SENDTO, to).putExtra("sms_body", args.body))
    invoke.resolve()
  }

  override fun onStop(activity: AppCompatActivity) = enqueue()

  private fun enqueue() {
    folder?.let { DeliveryWorker.enqueue(activity.applicationContext, it) }
  }
}
